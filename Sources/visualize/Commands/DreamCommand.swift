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

  func validate() throws {
    func check(_ name: String, _ value: Int, _ range: ClosedRange<Int>) throws {
      guard range.contains(value) else {
        throw ValidationError(
          "--\(name) must be a whole number from \(range.lowerBound) to \(range.upperBound), not \(value)."
        )
      }
    }
    try check("octaves", octaves, 1...20)
    try check("steps", steps, 1...100_000)
    try check("jitter", jitter, 0...1000)
    try check("side", side, 32...PictureSize.limit)
    guard ratio.isFinite, ratio > 1, ratio <= 4 else {
      throw ValidationError("--ratio must be a number above 1, 4 at most.")
    }
    guard stepSize.isFinite, stepSize > 0, stepSize <= 255 else {
      throw ValidationError("--step-size must be a number above 0, 255 at most.")
    }
  }

  func run() throws {
    let photograph = try Picture(contentsOf: picture)
    let network = try model.network()
    // Also where the file fixes another size: convolutions do not mind.
    let size = dreamSize(photograph)
    network.announce(size: size)
    let input = try network.input(photograph, size: size)
    let shapes = try network.shapes(inputShape: input.shape)
    let units = try network.unitWords(unit)
    guard units.count > 1 else { return try make(units[0], from: input, shapes, in: network) }
    try result.checkSeveral(units.count)
    try Several.make(units) { try make($0, from: input, shapes, in: network) }
  }

  /// Dreams of one unit.
  private func make(
    _ unit: String, from input: Tensor, _ shapes: [String: Shape], in network: Network
  ) throws {
    let subject = try subject(unit, input.shape, shapes, in: network)
    let path = result.path(named: "\(Photograph.stem(of: picture))-dream-\(subject.fileName)")
    let title = "\(Photograph.stem(of: picture)), dreamt by \(subject.description)"
    try PictureOutput.check(path, title: title, by: network, force: result.force)
    let texts = Provenance.current.texts(network: network, title: title, seed: seed)
    do {
      let dreamt = try dreamt(input, of: subject, shapes, in: network)
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

  /// What a unit is at the picture's size; where the network does not take that, no layer has places or tokens.
  private func subject(
    _ unit: String, _ inputShape: Shape, _ shapes: [String: Shape], in network: Network
  ) throws -> Subject {
    do {
      return try Subject(.unit(unit), in: network, shapes: shapes)
    } catch let error as NetworkError {
      guard case .noClassToken = error else { throw error }
      throw try network.misfit(inputShape: inputShape) ?? error
    } catch let error as UnitError {
      guard case .noPositions = error else { throw error }
      throw try network.misfit(inputShape: inputShape) ?? error
    }
  }

  /// A signal came, and this is what there was.
  private struct Stop: Error {
    let step: Int
    let steps: Int
    let picture: Tensor
  }

  /// The photograph's size, or a smaller one of its proportions.
  private func dreamSize(_ picture: Picture) -> PictureSize {
    let share = min(1, Double(side) / Double(max(picture.width, picture.height)))
    return PictureSize(
      height: Int((Double(picture.height) * share).rounded()),
      width: Int((Double(picture.width) * share).rounded()))
  }

  private func dreamt(
    _ input: Tensor, of subject: Subject, _ shapes: [String: Shape], in network: Network
  ) throws -> Tensor {
    var dream = DeepDream()
    (dream.octaves, dream.ratio, dream.steps) = (octaves, ratio, steps)
    (dream.stepSize, dream.jitter, dream.seed) = (stepSize / 255, jitter, seed)
    let sizes = dream.sizes(of: PictureSize(height: input.shape[2], width: input.shape[3]))
    let total = steps * sizes.count
    let bar = ProgressBar(total: total, of: "step")
    defer { bar.finish() }
    return try dream.picture(
      from: input, of: subject.objective(in: network, shapes: shapes),
      in: PictureNetwork(network, threads: model.threadCount)
    ) { step, value, picture in
      Interruption.postpone()
      if Interruption.isRequested { throw Stop(step: step, steps: total, picture: picture()) }
      bar.update(step, "value \(Double(value).fixed(2))")
    }
  }
}
