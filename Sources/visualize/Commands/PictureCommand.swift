import ArgumentParser
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
      """,
    discussion: """
        visualize --unit cat
        visualize --unit mixed4a:17 --model googlenet.onnx --steps 512
        visualize --objective 'cat - 0.5 * dog'

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

  @OptionGroup(title: "Settings") var settings: SettingOptions

  @Option(
    name: [.short, .long],
    help: ArgumentHelp(
      "The PNG file to write. (default: outputs/UNIT.png; outputs/MODEL/UNIT.png with --model)",
      valueName: "file"),
    completion: .file(extensions: ["png"]))
  var output: String?

  @Option(
    help: ArgumentHelp(
      "Save some 60 pictures of the way there in this folder, new or empty: frame-00000.png, …",
      valueName: "folder"), completion: .directory)
  var frames: String?

  @Option(
    help: ArgumentHelp(
      "Write the way there as an animated PNG, which browsers play.", valueName: "file"),
    completion: .file(extensions: ["png"]))
  var animate: String?

  @Option(
    parsing: .singleValue,
    help: ArgumentHelp(
      "Ask this network what it sees in the picture; with --tries, keep the one that it names best.",
      valueName: "model"), completion: .file(extensions: ["onnx"]))
  var judge: [String] = []

  @Option(
    help: ArgumentHelp(
      "What classes are called by the networks of --judge; see `visualize judge --help`.",
      valueName: "file"), completion: .file())
  var names: String?

  @Flag(help: "Replace whatever is there under the names of the results.")
  var force = false

  @OptionGroup(title: "Model") var model: ModelOptions

  func validate() throws {
    _ = try request()
    try PictureOutput.checkName(output)
    try PictureOutput.checkName(animate, option: "--animate")
  }

  /// What is to be looked at.
  private func request() throws(ValidationError) -> Subject.Request {
    guard let request = try Subject.Request(unit: unit, objective: objective) else {
      throw ValidationError("Missing expected argument '--unit <unit>'")
    }
    return request
  }

  func run() throws {
    let network = try model.network()
    try network.checkTakesPictures()
    let prepared = try PreparedPortrait(
      of: request(), settings: settings.values, in: network
    ) { network.announce(size: $0) }
    let frames = Frames(folder: frames, animation: animate, force: force)
    guard !frames.areWanted || prepared.recipe.tries == 1 else {
      throw ValidationError(
        "--frames and --animate show the way to one picture, and --tries makes several.")
    }
    note(prepared)
    let path = output ?? usualPath(prepared)
    let file = PictureFile(prepared)
    try file.check(path, frames, force: force)
    let jury = try Jury(judge, of: prepared.subject, names: names, threads: model.threadCount)
    let portrait: Portrait
    do {
      portrait = try paint(prepared, file, frames, jury)
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
    if frames.areWanted { try file.finish(frames, portrait) }
    try file.save(portrait, to: path)
    Terminal.note(report(portrait, prepared))
    try jury.lines(on: portrait.picture()).forEach(Terminal.note)
    print(path)
    Interruption.conclude()
  }

  /// Where the picture goes where nobody says it: pictures by a model of one's own into a folder of its name.
  private func usualPath(_ prepared: PreparedPortrait) -> String {
    let name = prepared.subject.fileName + ".png"
    guard let model = model.model else { return "outputs/\(name)" }
    let folder = NetworkUnit.slug(
      URL(filePath: model).deletingPathExtension().lastPathComponent)
    return "outputs/\(folder.isEmpty ? "model" : folder)/\(name)"
  }

  /// Says what is worth knowing before the work.
  private func note(_ prepared: PreparedPortrait) {
    if let cut = prepared.startFraming?.cut {
      Terminal.note("--init: starting from the \(cut); --fit pad takes all of it.")
    }
    if settings.values[Settings.recipe.key] == nil, let name = prepared.recipe.kind,
      let kind = NetworkKind.named(name)
    {
      Terminal.note(
        "\(prepared.network.name): \(kind.help) (--recipe \(name); --recipe conv for the usual ones)."
      )
    }
    if case .fixed(let height, let width) = prepared.ascent.inputSize {
      Terminal.note(
        "The network sees \(prepared.ascent.views) views of \(width)×\(height) a step, of a picture of "
          + "\(prepared.size.width)×\(prepared.size.height).")
    }
  }

  /// A signal came, and this is what there was.
  private struct Stop: Error {
    let step: Int
    let pictures: Tensor
  }

  /// Makes the picture, with a bar and the pictures on the way.
  private func paint(
    _ prepared: PreparedPortrait, _ file: PictureFile, _ frames: Frames, _ jury: Jury
  ) throws -> Portrait {
    let steps = prepared.recipe.steps
    let bar = ProgressBar(total: steps * prepared.recipe.tries, of: "step")
    defer { bar.finish() }
    var (last, before): (Step?, Int) = (nil, -steps)
    do {
      return try prepared.painted(threads: model.threadCount, scoredBy: jury.score) { step in
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
      prepared.ascent.reported.readings, at: prepared.ascent.seen(first), threads: model.threadCount
    )
  }

  /// What was reached: the unit's activation, for a class how sure the network is of it, and what was chosen or left
  /// out on the way.
  private func report(_ portrait: Portrait, _ prepared: PreparedPortrait) -> String {
    var report =
      "\(prepared.subject): \(Double(portrait.before).fixed(2)) → \(Double(portrait.after).fixed(2))"
    if let probability = portrait.probability {
      let own = "\(Double(probability * 100).fixed(1)) %"
      if let first = portrait.first, first.index != prepared.subject.logit {
        let label = NetworkUnit.title(ofLogit: first.index, labels: prepared.network.labels)
          .withVisibleControls
        report +=
          "; top class: \(label) \(Double(first.probability * 100).fixed(1)) %, "
          + "\(prepared.subject.title) \(own)"
      } else {
        report += ", probability \(own)"
      }
    }
    if portrait.steps < prepared.recipe.steps {
      report += "; no better after step \(portrait.steps)"
    }
    if prepared.recipe.tries > 1 {
      report += "; seed \(portrait.seed) was the best of \(prepared.recipe.tries)"
    }
    return report
  }
}
