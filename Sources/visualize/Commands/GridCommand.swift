import ArgumentParser
import Explanations
import Imaging
import Networks
import Portraits

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

  func validate() throws { _ = try grid() }

  /// What is said of the grid.
  private func grid() throws -> PhotographGrid {
    var grid = PhotographGrid()
    (grid.showsComponents, grid.showsBackground, grid.seed) = (components, background, seed)
    do {
      for (name, number) in [
        ("groups", groups), ("cell", cell), ("steps", steps), ("stride", stride),
      ] {
        if let number { try grid.take("\(number)", for: name) }
      }
    } catch let error as NumberSettingError {
      throw ValidationError(error.sentence)
    }
    if let conflict = grid.conflict(naming: { "--\($0)" }) {
      throw ValidationError("\(conflict).")
    }
    return grid
  }

  func run() throws {
    let grid = try grid()
    let photograph = try Picture(contentsOf: picture)
    let network = try model.network()
    let explainer = try framing.explainer(network, threads: model.threadCount)
    let shown = try explainer.photograph(photograph, named: picture)
    let path = result.path(named: "\(shown.stem)-\(grid.kind)-\(NetworkUnit.slug(layer))")
    let title = grid.title(of: shown.fileName, layer: layer)
    try PictureOutput.check(path, title: title, by: network, force: result.force)
    try drawn(grid, of: shown, by: explainer).save(
      to: path, texts: Provenance.current.texts(network: network, title: title, seed: seed))
    print(path)
  }

  private func drawn(
    _ grid: PhotographGrid, of photograph: Photograph, by explainer: Explainer
  ) throws -> Picture {
    let bar = ProgressBar(total: 100)
    defer { bar.finish() }
    return try grid.picture(of: photograph, layer: layer, by: explainer) {
      bar.update(Int(100 * $0))
    }
  }
}
