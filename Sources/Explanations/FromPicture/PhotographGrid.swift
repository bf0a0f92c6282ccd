import Attribution
public import Imaging
import Networks
import Objectives
import Tensors
import Portraits
import Visualization

/// A photograph as a layer sees it, position by position.
///
/// ```swift
/// var grid = PhotographGrid()
/// grid.groups = 6
/// let picture = try grid.picture(of: photograph, layer: "mixed4d", by: explainer)
/// ```
public struct PhotographGrid: NumberedRequest {
  /// So many groups of channels that occur together, instead of every position; 0: every position.
  public var groups = 0
  /// Whether positions have the colours of their principal components, instead of icons.
  public var showsComponents = false
  /// Whether, of components, what is taken for background is coloured as well.
  public var showsBackground = false
  /// The icons' height and width, in pixels; 0: 56, or of groups 112.
  public var cell = 0
  /// How many updates an icon gets.
  public var steps = 96
  /// Every how manieth column and row has an icon.
  public var stride = 1
  /// What all that is random follows from.
  public var seed: UInt64 = 0

  /// Creates a grid with the usual values.
  public init() {}

  /// What may be set.
  public static let settings: [NumberSetting<Self>] = [
    .whole("groups", 1...12, \.groups, unless: 0),
    .whole("cell", 16...512, \.cell, unless: 0),
    .whole("steps", 1...100_000, \.steps),
    .whole("stride", 1...1000, \.stride),
    .seed(\.seed),
  ]

  /// What of it goes without what else, the names as `name` writes them; nil where all goes together.
  public func conflict(naming name: (String) -> String) -> String? {
    if showsComponents, groups != 0 || cell != 0 || stride != 1 {
      return "\(name("components")) goes without \(name("groups")), \(name("cell")) and "
        + name("stride")
    }
    if showsComponents, steps != Self().steps || seed != Self().seed {
      return
        "\(name("components")) has no icons and goes without \(name("steps")) and \(name("seed"))"
    }
    if showsBackground, !showsComponents {
      return "\(name("background")) goes with \(name("components"))"
    }
    if groups != 0, stride != 1 {
      return "\(name("stride")) goes without \(name("groups")), which has no icon for a position"
    }
    return nil
  }

  /// What kind of grid it is, in one word: `grid`, `groups`, `components`.
  public var kind: String { showsComponents ? "components" : groups == 0 ? "grid" : "groups" }

  /// What it is of a photograph: `cat.jpg as mixed4d sees it, 6 groups`.
  ///
  /// - Parameters:
  ///   - file: The photograph's file, without folders.
  ///   - layer: The layer.
  /// - Returns: A title.
  public func title(of file: String, layer: String) -> String {
    let what = showsComponents ? "components" : groups == 0 ? "a grid" : "\(groups) groups"
    return "\(file) as \(layer) sees it, \(what)"
  }

  /// Draws it.
  ///
  /// - Parameters:
  ///   - photograph: The photograph.
  ///   - layer: The layer's name.
  ///   - explainer: The network.
  ///   - progress: Called with the share done, 0…1; what it throws ends the work.
  /// - Returns: The picture.
  /// - Throws: `ObjectiveError.noPositions` for a layer without columns and rows; `VisualizationError`,
  ///   `NetworkError`, and what `progress` throws.
  public func picture(
    of photograph: Photograph, layer: String, by explainer: Explainer,
    progress: (Double) throws -> Void = { _ in }
  ) throws -> Picture {
    let network = PictureNetwork(explainer.network, threads: explainer.threads)
    if showsComponents {
      let map = try ActivationGrid.map(of: photograph.input, layer: layer, in: network)
      return ComponentSheet(
        photograph.input, try ComponentColors(map, masks: !showsBackground)
      ).picture()
    }
    var grid = ActivationGrid()
    (grid.steps, grid.stride, grid.seed) = (steps, stride, seed)
    grid.side = side
    let activations = try grid.activations(of: photograph.input, layer: layer, in: network)
    guard groups != 0 else {
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

  /// The icons' height and width.
  package var side: Int { cell != 0 ? cell : groups == 0 ? 56 : 112 }
}
