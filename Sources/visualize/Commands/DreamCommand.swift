import ArgumentParser
import Explanations
import Imaging
import Networks
import Portraits
import Tensors
import Visualization

/// Deep dream.
struct DreamCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "dream",
    abstract: "Dream more of what a layer sees into a picture, octave by octave.",
    usage: "visualize dream <picture> --unit <layer> [<options>]",
    discussion: """
        visualize dream cat.jpg --unit mixed4c --model googlenet.onnx

      The picture keeps its size and proportions. At each octave, from the smallest, every step moves it along \
      the gradient of the mean of the layer's squares. Writes outputs/cat-dream-mixed4c.png and prints that path.
      """)

  @Argument(
    help: "A PNG or JPEG file.", completion: .file(extensions: ["png", "jpg", "jpeg"]))
  var picture: String

  @Option(
    name: [.short, .long],
    help: ArgumentHelp(
      "What there is to be more of: layer3, a channel of it (layer3:17), a class (cat); or several, a picture each: "
        + "layer3:0-3, all layers. May be said several times.", valueName: "unit"))
  var unit: [String]

  @Option(help: ArgumentHelp("How many sizes, from coarse to fine.", valueName: "count"))
  var octaves = 4

  @Option(
    help: ArgumentHelp("By how much each size is larger than the one before.", valueName: "factor"))
  var ratio = 1.4

  @Option(help: ArgumentHelp("How many steps at each size.", valueName: "count"))
  var steps = 10

  @Option(
    help: ArgumentHelp(
      "The mean change of a pixel by a step, of 255.", valueName: "number"))
  var stepSize: Float = 1.5

  @Option(
    help: ArgumentHelp(
      "By how many pixels at most the picture is shifted before a step.", valueName: "pixels"))
  var jitter = 32

  @Option(
    help: ArgumentHelp(
      "The pixels along the longer side; smaller pictures stay as they are.", valueName: "pixels"))
  var side = 640

  @Option(help: ArgumentHelp("What the shifts follow from.", valueName: "number"))
  var seed: UInt64 = 0

  @OptionGroup var result: ResultOptions

  @OptionGroup(title: "Model") var model: ModelOptions

  func validate() throws { _ = try dream() }

  /// What is said of the dream.
  private func dream() throws -> PhotographDream {
    var dream = PhotographDream()
    (dream.dream.octaves, dream.dream.ratio, dream.dream.steps) = (octaves, ratio, steps)
    (dream.stepSize, dream.dream.jitter, dream.dream.seed) = (stepSize, jitter, seed)
    dream.side = side
    do {
      try dream.check()
    } catch let error as NumberSettingError {
      throw ValidationError(error.sentence)
    }
    if let conflict = dream.conflict(naming: { "--\($0)" }) {
      throw ValidationError("\(conflict).")
    }
    return dream
  }

  func run() throws {
    let dream = try dream()
    let photograph = try Picture(contentsOf: picture)
    let network = try model.network()
    network.announce(size: dream.size(of: photograph))
    let start = try dream.start(photograph, in: network)
    let units = try network.unitWords(unit)
    guard units.count > 1 else { return try make(units[0], dream, from: start) }
    try result.checkSeveral(units.count)
    try Several.make(units) { try make($0, dream, from: start) }
  }

  /// Dreams of one unit.
  private func make(
    _ unit: String, _ dream: PhotographDream, from start: PhotographDream.Start
  ) throws {
    let subject = try start.subject(unit)
    let path = result.path(named: "\(Photograph.stem(of: picture))-dream-\(subject.fileName)")
    let title = "\(Photograph.stem(of: picture)), dreamt by \(subject.description)"
    try PictureOutput.check(path, title: title, by: start.network, force: result.force)
    let texts = Provenance.current.texts(network: start.network, title: title, seed: seed)
    do {
      let dreamt = try dreamt(dream, from: start, of: subject)
      try Picture(dreamt).save(to: path, texts: texts)
    } catch let stop as Stop {
      let place = StoppedPicture.place(insteadOf: path, step: stop.step)
      try Picture(stop.picture).save(
        to: place, texts: texts + [StoppedPicture.text(after: stop.step, of: stop.steps)])
      StoppedPicture.conclude(place, after: stop.step, of: stop.steps)
      throw ExitCode.failure
    }
    print(path)
    Interruption.conclude()
  }

  /// A signal came, and this is what there was.
  private struct Stop: Error {
    let step: Int
    let steps: Int
    let picture: Tensor
  }

  private func dreamt(
    _ dream: PhotographDream, from start: PhotographDream.Start, of subject: Subject
  ) throws -> Tensor {
    let total = dream.steps(from: start)
    let bar = ProgressBar(total: total, of: "step")
    defer { bar.finish() }
    return try dream.picture(from: start, of: subject, threads: model.threadCount) {
      step, value, picture in
      Interruption.postpone()
      if Interruption.isRequested { throw Stop(step: step, steps: total, picture: picture()) }
      bar.update(step, "value \(Double(value).fixed(2))")
    }
  }
}

extension NumberSettingError {
  /// What is wrong with an option of that name.
  var sentence: String { "--\(name) must be \(expected), not \(text)." }
}
