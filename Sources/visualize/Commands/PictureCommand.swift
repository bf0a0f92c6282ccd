import ArgumentParser
import Explanations
import Files
import Foundation
import Imaging
import Networks
import Objectives
import Portraits
import Tensors
import Visualization

/// A picture that a unit responds to.
struct PictureCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "picture",
    abstract: "Make a picture that a unit responds to; what happens without a command.",
    usage: """
      visualize --unit <unit> [<options>]
      visualize --objective <expression> [<options>]
      visualize --direction <file> --layer <layer> [<options>]
      """,
    discussion: """
        visualize --unit cat
        visualize --unit mixed4a:17 --model googlenet.onnx --steps 512
        visualize --objective 'cat - 0.5 * dog'
        visualize --direction probe.npy:3 --layer mixed4a --model googlenet.onnx
        visualize --unit cat --like photographs --trust photographs

      Writes outputs/cat.png and prints that path. A unit is a label (cat), a logit's \
      number (281), a channel of a layer (layer3:17), one neuron of it (layer3:17@4,5 for \
      column 4, row 5), a channel at a transformer's class token (layer3:17@class) or a whole \
      layer (layer3). An objective adds and subtracts units, with weights and parentheses, \
      labels with spaces or signs in quotes, and functions:

      """
        + ObjectiveFunction.all.map { "  \($0.usage)\n      \($0.help)" }
        .joined(separator: "\n"))

  @Option(
    name: [.short, .long], help: "What to look at: cat, 281, layer3:17, layer3:17@4,5, layer3.")
  var unit: String?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Look for several things at once: 'layer3:17 + 0.5 * cat'; see above.",
      valueName: "expression"))
  var objective: String?

  @OptionGroup(title: "Directions") var direction: DirectionOptions

  @OptionGroup(title: "Settings") var settings: SettingOptions

  @Option(
    name: [.short, .long],
    help: ArgumentHelp("The PNG file to write. (default: outputs/UNIT.png)", valueName: "file"),
    completion: .file(extensions: ["png"]))
  var output: String?

  @Option(
    help: ArgumentHelp(
      "Save some 60 pictures of the way there in this folder.", valueName: "folder"),
    completion: .directory)
  var frames: String?

  @OptionGroup var trust: TrustOptions

  @Flag(help: "Replace whatever is there under the names of the results.")
  var force = false

  @OptionGroup(title: "Model") var model: ModelOptions

  func validate() throws {
    _ = try request()
    try PictureOutput.checkName(output)
  }

  /// What is to be looked at.
  private func request() throws(ValidationError) -> Subject.Request {
    if let request = try direction.request(besides: unit ?? objective) { return request }
    guard let request = try Subject.Request(unit: unit, objective: objective) else {
      throw ValidationError("Missing expected argument '--unit <unit>'")
    }
    return request
  }

  func run() throws {
    let network = try model.network()
    try network.checkTakesPictures()
    try trust.check()
    let prepared = try PreparedPortrait(
      of: request(), settings: settings.values, in: network
    ) { network.announce(size: $0) }
    if let cut = prepared.startFraming?.cut {
      Terminal.note("--init: starting from the \(cut); --fit pad takes all of it.")
    }
    let path = output ?? "outputs/\(prepared.subject.fileName).png"
    let file = PictureFile(prepared, frames: frames)
    try file.check(path, force: force)
    for note in prepared.notes { Terminal.note("--like: \(note).") }
    var portrait: Portrait
    do {
      portrait = try paint(prepared, file)
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
      explain(prepared, at: portrait.pictures)
    }
    // What goes wrong here is said once the picture is safe.
    let compared = Result {
      try trust.compared(portrait, prepared, threads: model.threadCount)
    }
    if case .success(let trust?) = compared { portrait.trust = trust.verdict }
    if let frames {
      try file.save(portrait.pictures, to: frames, step: prepared.recipe.steps)
    }
    try file.save(portrait.pictures, to: path, record: PortraitRecord(portrait))
    Terminal.note(report(portrait, prepared.subject))
    print(path)
    try compared.get()?.lines.forEach(Terminal.note)
    Interruption.conclude()
  }

  /// A signal came, and this is what there was.
  private struct Stop: Error {
    let step: Int
    let pictures: Tensor
  }

  /// Makes the picture, with a bar and the pictures on the way.
  private func paint(_ prepared: PreparedPortrait, _ file: PictureFile) throws -> Portrait {
    let steps = prepared.recipe.steps
    let bar = ProgressBar(total: steps, of: "step")
    defer { bar.finish() }
    var last: Step?
    do {
      return try prepared.painted(threads: model.threadCount) { step in
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
      explain(prepared, at: last?.picture() ?? prepared.ascent.firstPicture)
      throw error
    }
  }

  /// Says why there is nothing to see, of the first picture.
  private func explain(_ prepared: PreparedPortrait, at pictures: Tensor) {
    let first = Tensor(
      Shape([1] + pictures.shape.dimensions.dropFirst()),
      Array(pictures.scalars.prefix(pictures.count / pictures.shape[0])))
    prepared.network.explain(
      prepared.ascent.reported.readings, at: first, threads: model.threadCount)
  }

  /// What was reached: the unit's activation, and for a class how sure the network is of it.
  private func report(_ portrait: Portrait, _ subject: Subject) -> String {
    let way =
      "\(subject): \(Double(portrait.before).fixed(2)) → \(Double(portrait.after).fixed(2))"
    guard let probability = portrait.probability else { return way }
    return way + ", probability \(Double(probability * 100).fixed(1)) %"
  }
}
