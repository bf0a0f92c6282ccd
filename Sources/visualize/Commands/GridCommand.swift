import ArgumentParser
import Attribution
import Explanations
import Imaging
import Networks
import Portraits
import Tensors
import Visualization

/// A picture as a layer sees it.
struct GridCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "grid",
    abstract: "Show a picture as a layer sees it, position by position.",
    usage: "visualize grid <picture> --layer <layer> [<options>]",
    discussion: """
        visualize grid cat.jpg --layer mixed4d --model googlenet.onnx
        visualize grid cat.jpg --layer mixed4d --groups 6 --model googlenet.onnx
        visualize grid cat.jpg --layer blocks.11 --components --model dinov2.onnx

      Every position gets an icon of the direction that the layer's activations have there (an activation \
      grid). With --groups, the activations are taken apart into few groups of channels that occur together \
      (non-negative matrix factorization), and each has an icon and a colour. With --components, positions have \
      the colours of their first three principal components, without class token and registers; what the \
      first component of all takes for background is black. Writes outputs/cat-grid-mixed4d.png and prints \
      that path.
      """)

  @Argument(
    help: "A PNG or JPEG file.", completion: .file(extensions: ["png", "jpg", "jpeg"]))
  var picture: String

  @Option(help: "The layer.")
  var layer: String

  @Option(help: ArgumentHelp("Show so many groups instead of every position.", valueName: "count"))
  var groups: Int?

  @Flag(help: "Show the colours of the positions' principal components.")
  var components = false

  @Flag(help: "With --components, colour what is taken for background as well.")
  var background = false

  @Option(
    help: ArgumentHelp(
      "The icons' height and width. (default: 56; of groups, 112)", valueName: "pixels"))
  var cell: Int?

  @Option(help: ArgumentHelp("How many updates an icon gets.", valueName: "count"))
  var steps = 96

  @Option(
    help: ArgumentHelp("Every how manieth column and row has an icon.", valueName: "count"))
  var stride = 1

  @Option(help: ArgumentHelp("What all that is random follows from.", valueName: "number"))
  var seed: UInt64 = 0

  @OptionGroup var framing: FramingOptions

  @OptionGroup var result: ResultOptions

  @OptionGroup(title: "Model") var model: ModelOptions

  func validate() throws {
    func check(_ name: String, _ value: Int?, _ range: ClosedRange<Int>) throws {
      guard let value, !range.contains(value) else { return }
      throw ValidationError(
        "--\(name) must be a whole number from \(range.lowerBound) to \(range.upperBound), not \(value)."
      )
    }
    try check("groups", groups, 1...12)
    try check("cell", cell, 16...512)
    try check("steps", steps, 1...100_000)
    try check("stride", stride, 1...1000)
    guard !components || groups == nil && cell == nil && stride == 1 else {
      throw ValidationError("--components goes without --groups, --cell and --stride.")
    }
    guard components || !background else {
      throw ValidationError("--background goes with --components.")
    }
    guard groups == nil || stride == 1 else {
      throw ValidationError("--stride goes without --groups, which has no icon for a position.")
    }
  }

  func run() throws {
    let photograph = try Picture(contentsOf: picture)
    let network = try model.network()
    let explainer = try framing.explainer(network, threads: model.threadCount)
    let shown = try explainer.photograph(photograph, named: picture)
    let name = components ? "components" : groups == nil ? "grid" : "groups"
    let path = result.path(named: "\(shown.stem)-\(name)-\(NetworkUnit.slug(layer))")
    let what = components ? "components" : groups.map { "\($0) groups" } ?? "a grid"
    let title = "\(shown.fileName) as \(layer) sees it, \(what)"
    try PictureOutput.check(path, title: title, by: network, force: result.force)
    try sheet(shown, in: PictureNetwork(network, threads: model.threadCount)).save(
      to: path, texts: Provenance.current.texts(network: network, title: title, seed: seed))
    print(path)
  }

  private func sheet(_ photograph: Photograph, in network: PictureNetwork) throws -> Picture {
    if components {
      let map = try ActivationGrid.map(of: photograph.input, layer: layer, in: network)
      return ComponentSheet(
        photograph.input, try ComponentColors(map, masks: !background)
      ).picture()
    }
    var grid = ActivationGrid()
    (grid.steps, grid.stride, grid.seed) = (steps, stride, seed)
    grid.side = cell ?? (groups == nil ? 56 : 112)
    let activations = try grid.activations(of: photograph.input, layer: layer, in: network)
    let bar = ProgressBar(total: 100)
    defer { bar.finish() }
    let progress = { (share: Double) in bar.update(Int(100 * share)) }
    guard let groups else {
      let icons = try grid.icons(
        of: activations.vectors, layer: layer, in: network, progress: progress)
      return Picture(sideBySide: icons.tiled(width: activations.width))
    }
    let factors = ActivationGroups(activations, count: groups)
    guard !factors.directions.isEmpty else { throw VisualizationError.noGradient(step: 0) }
    let icons = try grid.icons(
      of: factors.directions, layer: layer, in: network, progress: progress)
    return GroupSheet(photograph.input, factors, icons: icons).picture()
  }
}
