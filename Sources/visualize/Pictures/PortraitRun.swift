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
  /// The pictures on the way.
  let frames: Frames
  let threads: Int
  /// Networks that are asked what they see in the picture.
  var jury = Jury.none
  /// A folder of natural pictures to hold the picture against.
  var trust: String?
  private let file: PictureFile
  let isKindNamed: Bool

  /// Finds everything that is wrong before the work, and says what is believed of the network.
  ///
  /// - Throws: As `PreparedPortrait` does.
  init(
    of request: Subject.Request, settings: [String: String], in network: Network, frames: Frames,
    threads: Int, announces: Bool = true
  ) throws {
    (self.frames, self.threads) = (frames, threads)
    if let folder = settings[Settings.like.key] {
      Terminal.note("--like: sorting the activations of the pictures in \(folder).")
    }
    if let picture = settings[Settings.start.key],
      settings[Settings.parameterization.key] == CPPNImage.named.name
    {
      Terminal.note("--init: training a function of the place on \(picture), some seconds.")
    }
    do {
      prepared = try PreparedPortrait(of: request, settings: settings, in: network) {
        if announces { network.announce(size: $0) }
      }
    } catch let error as IdleSettingError {
      throw ValidationError("\(error.sentence { "--\($0)" }).")
    }
    guard !frames.areWanted || prepared.recipe.tries == 1 else {
      throw ValidationError(
        "--frames and --animate show the way to one picture, and --tries makes several.")
    }
    file = PictureFile(prepared)
    isKindNamed = settings[Settings.recipe.key] != nil
  }

  /// Makes the picture and saves it.
  ///
  /// - Parameters:
  ///   - path: The file.
  ///   - force: Whether whatever is there may be replaced.
  /// - Throws: `OccupiedError`, what the ascent throws, and `ExitCode` where a signal ended it.
  func run(to path: String, force: Bool) throws {
    note()
    for note in prepared.notes { Terminal.note("--\(note).") }
    let natural = try trust.map { try Self.naturalPictures(in: $0) }
    try file.check(path, frames, force: force)
    let portrait: Portrait
    do {
      portrait = try painted()
    } catch let stop as Stop {
      let path = try file.save(stop.pictures, insteadOf: path, step: stop.step)
      StoppedPicture.conclude(path, after: stop.step, of: prepared.recipe.steps)
      throw ExitCode.failure
    }
    if portrait.isUnmoved, prepared.recipe.steps > 0 {
      Terminal.note(
        "\(prepared.subject) did not move: the picture shows nothing of what it looks for. Another seed or "
          + "--init PICTURE may reach it.")
      explain(at: portrait.pictures)
    } else if portrait.isHardlyMoved, prepared.recipe.steps > 0 {
      Terminal.note(
        "\(prepared.subject) hardly moved: the picture shows next to nothing of what it looks for. Another seed, "
          + "more --steps or --init PICTURE may reach it.")
    } else if portrait.isOneColor, prepared.recipe.steps > 0 {
      Terminal.note(
        "\(prepared.subject): the picture is of one colour, since what holds it there is stronger than the unit's "
          + "pull. Smaller --l1, --l2 or --tv, or --init PICTURE, let it go.")
    }
    if frames.areWanted { try file.finish(frames, portrait) }
    var record = PortraitRecord(portrait)
    // What goes wrong here is said once the picture is safe.
    let judged = Result { try jury.lines(on: portrait.picture()) }
    let compared = Result { try natural.map { try self.compared(portrait.pictures, with: $0) } }
    let verdicts = (try? judged.get()) ?? []
    if !verdicts.isEmpty { record.judged = verdicts.joined(separator: "\n") }
    record.trust = (try? compared.get())?.verdict
    try file.save(portrait, to: path, record: record)
    Terminal.note(report(portrait))
    verdicts.forEach(Terminal.note)
    if let words = try prepared.placesInWords(
      prepared.ascent.seen(portrait.pictures), threads: threads)
    {
      Terminal.note("\(prepared.subject.title) is read at \(words).")
    }
    for note in (try? compared.get())?.leftOut ?? [] { Terminal.note("--trust: \(note).") }
    if let compared = try? compared.get() { Terminal.note(compared.lines.joined(separator: "\n")) }
    print(path)
    Interruption.conclude()
    _ = try judged.get()
    _ = try compared.get()
  }

  /// A signal came, and this is what there was.
  private struct Stop: Error {
    let step: Int
    let pictures: Tensor
  }

  /// Makes the picture, with a bar and the pictures on the way.
  private func painted() throws -> Portrait {
    let steps = prepared.recipe.steps
    let bar = ProgressBar(total: steps * prepared.recipe.tries, of: "step")
    defer { bar.finish() }
    var (last, before): (Step?, Int) = (nil, -steps)
    do {
      return try prepared.painted(threads: threads, scoredBy: jury.score) { step in
        if step.number == 0 { before += steps }
        last = step
        Interruption.postpone()
        if Interruption.isRequested { throw Stop(step: step.number, pictures: step.picture()) }
        bar.update(before + step.number, "value \(Double(step.value).fixed(2))")
        if frames.areWanted, step.number.isMultiple(of: file.interval) {
          try file.add(step.picture(), to: frames)
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
      prepared.ascent.reported.readings, at: prepared.ascent.seen(first), threads: threads)
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
