import ArgumentParser
import Explanations
import Imaging
import Networks
import Objectives
import Portraits
import Tensors
import Visualization

/// The work of every command whose picture is an ascent's: the bar, the frames, the file, what is said of it.
struct PortraitRun {
  let prepared: PreparedPortrait
  /// The folder of the pictures on the way.
  let frames: String?
  let threads: Int
  /// A folder of natural pictures to hold the picture against.
  var trust: String?
  private let file: PictureFile

  /// Finds everything that is wrong before the work, and says what is believed of the network.
  ///
  /// - Throws: As `PreparedPortrait` does.
  init(
    of request: Subject.Request, settings: [String: String], in network: Network, frames: String?,
    threads: Int
  ) throws {
    (self.frames, self.threads) = (frames, threads)
    if let folder = settings[Settings.like.key] {
      Terminal.note("--like: sorting the activations of the pictures in \(folder).")
    }
    prepared = try PreparedPortrait(of: request, settings: settings, in: network) {
      network.announce(size: $0)
    }
    file = PictureFile(prepared, frames: frames)
  }

  /// Makes the picture and saves it.
  ///
  /// - Parameters:
  ///   - path: The file.
  ///   - force: Whether whatever is there may be replaced.
  /// - Throws: `OccupiedError`, what the ascent throws, and `ExitCode` where a signal ended it.
  func run(to path: String, force: Bool) throws {
    if let cut = prepared.startFraming?.cut {
      Terminal.note("--init: starting from the \(cut); --fit pad takes all of it.")
    }
    for note in prepared.notes { Terminal.note("--like: \(note).") }
    let natural = try trust.map { try Self.naturalPictures(in: $0) }
    try file.check(path, force: force)
    let portrait: Portrait
    do {
      portrait = try painted()
    } catch let stop as Stop {
      let path = try file.save(stop.pictures, insteadOf: path, step: stop.step)
      Terminal.note(
        "Stopped after \(stop.step) of \(prepared.recipe.steps) steps; \(path) is the picture so far."
      )
      Interruption.conclude()
      throw ExitCode.failure
    }
    if portrait.isUnmoved, prepared.recipe.steps > 0 {
      Terminal.note(
        "\(prepared.subject) did not move: the picture shows nothing of what it looks for. Another seed or "
          + "--init PICTURE may reach it.")
      explain(at: portrait.pictures)
    }
    if let frames {
      try file.save(portrait.pictures, to: frames, step: prepared.recipe.steps)
    }
    var record = PortraitRecord(portrait)
    // What goes wrong here is said once the picture is safe.
    let result = Result { try natural.map { try self.compared(portrait.pictures, with: $0) } }
    let compared = try? result.get()
    record.trust = compared?.verdict
    try file.save(portrait.pictures, to: path, record: record)
    Terminal.note(report(portrait, prepared.subject))
    if let compared { Terminal.note(compared.lines.joined(separator: "\n")) }
    print(path)
    Interruption.conclude()
    _ = try result.get()
  }

  /// A signal came, and this is what there was.
  private struct Stop: Error {
    let step: Int
    let pictures: Tensor
  }

  /// Makes the picture, with a bar and the pictures on the way.
  private func painted() throws -> Portrait {
    let steps = prepared.recipe.steps
    let bar = ProgressBar(total: steps, of: "step")
    defer { bar.finish() }
    var last: Step?
    do {
      return try prepared.painted(threads: threads) { step in
        last = step
        Interruption.postpone()
        if Interruption.isRequested { throw Stop(step: step.number, pictures: step.picture()) }
        bar.update(step.number, "value \(Double(step.value).fixed(2))")
        if let frames, step.number.isMultiple(of: file.interval) {
          try file.save(step.picture(), to: frames, step: step.number)
        }
      }
    } catch let error as VisualizationError {
      bar.finish()
      explain(at: last?.picture() ?? prepared.ascent.firstPicture)
      throw error
    }
  }

  /// Says why there is nothing to see, of the first picture.
  private func explain(at pictures: Tensor) {
    let first = Tensor(
      Shape([1] + pictures.shape.dimensions.dropFirst()),
      Array(pictures.scalars.prefix(pictures.count / pictures.shape[0])))
    prepared.network.explain(
      prepared.ascent.reported.readings, at: first, threads: threads)
  }

  /// What was reached: the unit's activation, and for a class how sure the network is of it.
  private func report(_ portrait: Portrait, _ subject: Subject) -> String {
    let way =
      "\(subject): \(Double(portrait.before).fixed(2)) → \(Double(portrait.after).fixed(2))"
    guard let probability = portrait.probability else { return way }
    return way + ", probability \(Double(probability * 100).fixed(1)) %"
  }

  /// The pictures of a folder, before the work: too few are refused.
  private static func naturalPictures(in folder: String) throws -> [String] {
    let files = try photographs(at: [folder])
    guard files.count >= Explainer.fewestForTrust else {
      throw AdvisedError(
        error: TrustError.tooFewPictures(files.count), advice: "--trust \(folder)")
    }
    return files
  }

  /// Holds the picture against natural ones.
  private func compared(_ pictures: Tensor, with files: [String]) throws -> Trust {
    let network = prepared.network
    let explainer = try Explainer(network, size: prepared.size, threads: threads)
    let bar = ProgressBar(total: 100)
    defer { bar.finish() }
    return try explainer.trust(
      in: pictures, of: prepared.subject.objective(in: network, shapes: explainer.shapes),
      beside: files, seed: prepared.recipe.seed, progress: { bar.update(Int(100 * $0)) }
    ) { try Picture(contentsOf: files[$0]) }
  }
}
