public import ArgumentParser
public import Attribution
import Foundation
import Imaging
import Networks
import Portraits
import Tensors
import Visualization

extension NamedMethod: ExpressibleByArgument {}

/// What mattered in a picture.
struct SaliencyCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "saliency",
    abstract: "Show which parts of a picture mattered for a unit.",
    usage: "visualize saliency <picture> [--unit <unit>] [--method <method>] …",
    discussion: """
        visualize saliency cat.jpg
        visualize saliency cat.jpg --unit dog --method grad-cam

      Writes the picture, the map and the map over the picture side by side, as \
      outputs/cat-saliency-smoothgrad.png, and prints that path.

      """
        + NamedMethod.allCases.map { "  \($0.rawValue.padded(to: 26))\($0.summary)" }
        .joined(separator: "\n").wrappedInColumns)

  @Argument(help: "A PNG or JPEG file.", completion: .file(extensions: ["png", "jpg", "jpeg"]))
  var picture: String

  @Option(
    name: [.short, .long],
    help: "What to explain: cat, 281, layer3:17, layer3:17@4,5 or layer3. (default: the top class)")
  var unit: String?

  @Option(help: ArgumentHelp("How to explain it; see above.", valueName: "method"))
  var method: NamedMethod = .smoothGrad

  @Option(help: ArgumentHelp("The layer that grad-cam looks at. (default: the last convolution's)"))
  var layer: String?

  @Option(
    name: [.short, .long],
    help: ArgumentHelp(
      "The size that the picture is brought to: 224 or 320x240. (default: the network's)"))
  var size: PictureSize?

  @Option(help: "What the noise of smoothgrad follows from.")
  var seed: UInt64 = 0

  @Option(
    name: [.short, .long],
    help: ArgumentHelp("The PNG file to write. (default: in outputs)", valueName: "file"),
    completion: .file(extensions: ["png"]))
  var output: String?

  @OptionGroup var model: ModelOptions

  func validate() throws {
    guard layer == nil || method == .gradCAM else {
      throw ValidationError("--layer is for --method grad-cam only.")
    }
  }

  func run() throws {
    // The picture first: it is the quickest to be found missing.
    let original = try Picture(contentsOf: picture)
    let network = try model.network()
    let size = try network.pictureSize(size)
    network.announce(size: size)
    let input = try network.input(original, size: size)
    let shapes = try network.shapes(inputShape: input.shape)
    let wanted = try unit.map { try NetworkUnit($0, in: network, shapes: shapes) }

    let feed = Network.Feed.picture(network.preparation)
    let classes = try network.classes(
      of: input, shapes: shapes, feed: feed, threads: model.threadCount)
    for line in Classification.lines(classes.prefix(5), labels: network.labels) {
      Terminal.writeError("\(line)\n")
    }
    let unit = wanted ?? classes.first.map { NetworkUnit(.logit($0.index), labels: network.labels) }
    guard let unit else { throw network.noTopClass }
    Terminal.note("\(method.rawValue) of \(unit)")

    let map: Tensor
    do {
      map = try self.map(of: unit, input, network, feed)
    } catch AttributionError.notFinite {
      explain(unit, input, network, shapes)
      throw AttributionError.notFinite
    }
    if map.norm == 0 { explain(unit, input, network, shapes) }
    let shown = original.covering(
      width: size.width * Self.enlargement(size), height: size.height * Self.enlargement(size))
    let share = classes.first { unit.kind == .logit($0.index) }?.probability
    let panel = method.heatMap(map).panel(
      of: shown, captions: ["picture", method.rawValue, "overlay"],
      title: unit.title + (share.map { " (\(Double($0 * 100).fixed(0)) %)" } ?? ""))
    let path = output ?? defaultOutput(unit)
    try panel.save(
      to: path,
      texts: Provenance.current.texts(
        network: network, title: "\(method.rawValue) of \(unit)",
        seed: method == .smoothGrad ? seed : nil))
    print(path)
  }

  /// Says why there is nothing to see.
  private func explain(
    _ unit: NetworkUnit, _ input: Tensor, _ network: Network, _ shapes: [String: Shape]
  ) {
    let objective = Recipe.objective(for: unit, logits: network.logits(in: shapes)?.value)
    network.explain(objective.readings, at: input, threads: model.threadCount)
  }

  private func map(
    of unit: NetworkUnit, _ input: Tensor, _ network: Network, _ feed: Network.Feed
  ) throws -> Tensor {
    let bar = ProgressBar(total: 100)
    defer { bar.finish() }
    let method: any AttributionMethod =
      switch self.method {
      case .smoothGrad: SmoothGrad(seed: seed)
      case .gradCAM: GradCAM(layer: layer)
      default: self.method.method
      }
    return try method.attribute(
      input, to: Target(unit), in: network, feed: feed, threads: model.threadCount
    ) { bar.update(Int($0 * 100)) }
  }

  /// How many times the network's size the picture is shown, so that one can look at it.
  private static func enlargement(_ size: PictureSize) -> Int {
    let side = max(size.height, size.width)
    return max(1, (320 + side - 1) / side)
  }

  /// `outputs/NAME-saliency-METHOD.png`, and the unit's name where it was asked for.
  private func defaultOutput(_ unit: NetworkUnit) -> String {
    let name = URL(filePath: picture).deletingPathExtension().lastPathComponent
    let suffix = self.unit == nil ? "" : "-\(unit.fileName)"
    return "outputs/\(name)-saliency-\(method.rawValue)\(suffix).png"
  }
}

extension String {
  /// A text of two columns, the second from the 29th character on, broken for 80.
  fileprivate var wrappedInColumns: String {
    wrapped(at: 79, indent: String(repeating: " ", count: 28))
  }
}
