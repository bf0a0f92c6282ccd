import ArgumentParser
import Attribution
import Foundation
import Imaging
import Networks
import Objectives
import Portraits
import Tensors
import Visualization

/// What mattered in a picture.
struct SaliencyCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "saliency",
    abstract: "Show which parts of a picture mattered for a unit.",
    usage: "visualize saliency <picture> [--unit <unit>] [--method <method>] …",
    discussion: """
        visualize saliency cat.jpg
        visualize saliency cat.jpg --unit dog --method grad-cam
        visualize saliency cat.jpg --objective 'cat - dog'

      Writes the picture, the map and the map over the picture side by side, as \
      outputs/cat-saliency-smoothgrad.png, and prints that path.

      """
        + RegisteredMethod.all.map { "  \($0.name.padded(to: 26))\($0.summary)" }
        .joined(separator: "\n").wrappedInColumns)

  @Argument(help: "A PNG or JPEG file.", completion: .file(extensions: ["png", "jpg", "jpeg"]))
  var picture: String

  @Option(
    name: [.short, .long],
    help: "What to explain: cat, 281, layer3:17, layer3:17@4,5 or layer3. (default: the top class)")
  var unit: String?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Explain several things at once: 'cat - dog'; see visualize picture --help.",
      valueName: "expression"))
  var objective: String?

  @Option(
    help: ArgumentHelp("How to explain it; see above.", valueName: "method"),
    completion: .list(RegisteredMethod.all.map(\.name)), transform: RegisteredMethod.named)
  var method = RegisteredMethod.smoothGrad

  @Option(
    help: ArgumentHelp(
      "The layer to look at, for \(RegisteredMethod.names(taking: .layer)). "
        + "(default: the last convolution's)"))
  var layer: String?

  @Option(
    name: [.short, .long],
    help: ArgumentHelp(
      "The size that the picture is brought to: 224 or 320x240. (default: the network's)"))
  var size: PictureSize?

  @Option(
    help: ArgumentHelp(
      "What all that is random follows from, for \(RegisteredMethod.names(taking: .seed)). "
        + "(default: 0)"))
  var seed: UInt64?

  @Option(
    name: [.short, .long],
    help: ArgumentHelp("The PNG file to write. (default: in outputs)", valueName: "file"),
    completion: .file(extensions: ["png"]))
  var output: String?

  @OptionGroup var model: ModelOptions

  func validate() throws {
    let said: [(option: RegisteredMethod.Option, isThere: Bool)] = [
      (.layer, layer != nil), (.seed, seed != nil),
    ]
    for (option, isThere) in said where isThere && !method.options.contains(option) {
      throw ValidationError(
        "--\(option.rawValue) is for --method \(RegisteredMethod.names(taking: option)) only.")
    }
    if case .objective(let expression) = try request(), let function = expression.comparison {
      throw ValidationError(
        "--objective: `\(function)` compares several pictures, and one is explained.")
    }
  }

  /// What is to be explained; nil: the top class.
  private func request() throws(ValidationError) -> Subject.Request? {
    try Subject.Request(unit: unit, objective: objective)
  }

  func run() throws {
    // The picture first: it is the quickest to be found missing.
    let original = try Picture(contentsOf: picture)
    let network = try model.network()
    let size = try network.pictureSize(size)
    network.announce(size: size)
    let input = try network.input(original, size: size)
    let shapes = try network.shapes(inputShape: input.shape)
    let wanted = try request().map { try Subject($0, in: network, shapes: shapes) }

    let feed = Network.Feed.picture(network.preparation)
    let classes = try network.classes(
      of: input, shapes: shapes, feed: feed, threads: model.threadCount)
    for line in Classification.lines(classes.prefix(5), labels: network.labels) {
      Terminal.writeError("\(line)\n")
    }
    let top = classes.first.map { NetworkUnit(.logit($0.index), labels: network.labels) }
    if wanted == nil { _ = try network.requireLogits("the top class", in: shapes) }
    guard let subject = wanted ?? top.map(Subject.init) else {
      throw UnitError.noLogits("the top class")
    }
    Terminal.note("\(method.name) of \(subject)")

    let explained = Explained(
      try subject.objective(in: network, shapes: shapes), in: network, inputShape: input.shape,
      feed: feed, threads: model.threadCount)
    let map = try map(explained, of: input)
    let share = classes.first { subject.logit == $0.index }.flatMap(\.probability)
    try save(map, of: subject, share: share, over: original, size: size, in: network)
  }

  /// Writes the picture, the map and both together, and prints where.
  private func save(
    _ map: Tensor, of subject: Subject, share: Float?, over original: Picture, size: PictureSize,
    in network: Network
  ) throws {
    let shown = original.covering(
      width: size.width * Self.enlargement(size), height: size.height * Self.enlargement(size))
    let panel = method.heatMap(map).panel(
      of: shown, captions: ["picture", method.name, "overlay"],
      title: subject.title + (share.map { " (\(Double($0 * 100).fixed(0)) %)" } ?? ""))
    let path = output ?? defaultOutput(subject)
    try panel.save(
      to: path,
      texts: Provenance.current.texts(
        network: network, title: "\(method.name) of \(subject)",
        seed: method.options.contains(.seed) ? seed ?? 0 : nil))
    print(path)
  }

  /// The method's map; where there is nothing to see in it, why that is.
  private func map(_ explained: Explained, of input: Tensor) throws -> Tensor {
    do {
      let map = try map(
        explained, of: input, by: method.method(.init(layer: layer, seed: seed ?? 0)))
      if map.norm == 0 {
        Terminal.note(
          "The map is 0 everywhere: as far as \(method.name) can tell, nothing in the picture matters."
        )
        explain(explained, input)
      }
      return map
    } catch AttributionError.notFinite {
      explain(explained, input)
      throw AttributionError.notFinite
    }
  }

  /// Says why there is nothing to see.
  private func explain(_ explained: Explained, _ input: Tensor) {
    explained.network.explain(
      explained.objective.readings, at: input, threads: model.threadCount)
  }

  private func map(
    _ explained: Explained, of input: Tensor, by method: any AttributionMethod
  ) throws -> Tensor {
    let bar = ProgressBar(total: 100)
    defer { bar.finish() }
    let map = try explained.map(of: input, by: method) { bar.update(Int($0 * 100)) }
    bar.finish()
    if let complete = method as? any CompleteMethod {
      let (sum, total) = (map.total, try complete.total(at: input, of: explained)[0])
      Terminal.note(
        "The map adds up to \(Double(sum).fixed(3)); it should be \(Double(total).fixed(3)).")
    }
    return map
  }

  /// How many times the network's size the picture is shown, so that one can look at it.
  private static func enlargement(_ size: PictureSize) -> Int {
    let side = max(size.height, size.width)
    return max(1, (320 + side - 1) / side)
  }

  /// `outputs/NAME-saliency-METHOD.png`, and the subject's name where it was asked for.
  private func defaultOutput(_ subject: Subject) -> String {
    let name = URL(filePath: picture).deletingPathExtension().lastPathComponent
    let suffix = unit == nil && objective == nil ? "" : "-\(subject.fileName)"
    return "outputs/\(name)-saliency-\(method.name)\(suffix).png"
  }
}

extension String {
  /// A text of two columns, the second from the 29th character on, broken for 80.
  fileprivate var wrappedInColumns: String {
    wrapped(at: 79, indent: String(repeating: " ", count: 28))
  }
}

extension RegisteredMethod {
  /// The methods that let something be said, with commas between them.
  fileprivate static func names(taking option: Option) -> String {
    all.filter { $0.options.contains(option) }.map(\.name).joined(separator: ", ")
  }
}
