import Graphs
public import Plans
public import Tensors

extension Network {
  /// Whether a value of the graph has its channels along its last axis.
  package func hasChannelsLast(_ value: String) -> Bool { channelAxes[value] == .last }

  /// Whether tokens attend to one another: more than a softmax at the end, and values laid out as tokens.
  package var hasTokens: Bool {
    guard graph.nodes.count(where: { ["Softmax", "Attention"].contains($0.type) }) > 1,
      // Where shapes cannot be found out, the work itself will say why.
      let shapes = try? shapes(inputShape: inputShape())
    else { return false }
    return layouts(in: shapes).values.contains { $0.form == .tokens }
  }

  /// How many channels a value of one axis or none has: of the only picture all, of several one each.
  func channels(ofList shape: Shape, in shapes: [String: Shape]) -> Int? {
    guard shape.rank < 2, let count = shapes[input.name]?.dimensions.first else { return nil }
    return count == 1 ? shape.count : shape.rank == 1 && shape[0] == count ? 1 : nil
  }

  /// How many axes the positions of the network's maps have: one of a signal's, three of a volume's, else two.
  package var positionAxes: Int {
    switch form {
    case .signal: 1
    case .volume: 3
    default: 2
    }
  }

  /// Whether a value of a shape has channels and positions: those of a picture, or of the network's own form.
  package func isMap(_ shape: Shape) -> Bool { shape.rank == 4 || shape.rank == positionAxes + 2 }

  /// How the graph's values are laid out.
  ///
  /// - Parameter shapes: What `shapes(inputShape:)` returned, or a part of it.
  /// - Returns: A layout for each value that has a part for each picture.
  public func layouts(in shapes: [String: Shape]) -> [String: LayerLayout] {
    var layouts = [String: LayerLayout](minimumCapacity: shapes.count)
    // Each once, the last time that it occurred.
    var grids: [LayerLayout.Grid] = []
    func note(_ grid: LayerLayout.Grid) {
      guard grids.last != grid else { return }
      grids.removeAll { $0 == grid }
      grids.append(grid)
    }
    // A single number without axes is a result's, or says how something is done.
    let ends = Set(
      graph.outputs.indices.prefix(16).flatMap { [graph.outputs[$0], logitsValue(output: $0)] })
    lazy var axes = pictureAxes(in: shapes)
    lazy var queries = QueryLists(graph, input: input.name, shapes: shapes)
    for name in graph.nodes.flatMap(\.outputs) {
      guard let shape = shapes[name] else { continue }
      switch (shape.rank, channelAxes[name]) {
      case (4, .last?):
        // Blocks of places and the places of each are no rows and columns.
        let isOfBlocks = positionAxes == 2 && axes.hasBlocks(name)
        let grid = isOfBlocks ? nil : LayerLayout.Grid(width: shape[2], height: shape[1])
        layouts[name] = LayerLayout(
          channels: shape[3], grid: grid, extraTokens: 0, form: .channelsLast)
        if let grid { note(grid) }
      // Tokens and the numbers of a head are no rows and columns.
      case (4, _) where positionAxes == 2 && axes.hasList(name):
        layouts[name] = LayerLayout(
          channels: shape[1], grid: nil, extraTokens: 0, form: .channelsFirst)
      case (4, let axis):
        let grid = LayerLayout.Grid(width: shape[3], height: shape[2])
        layouts[name] = LayerLayout(
          channels: shape[1], grid: grid, extraTokens: 0, form: .channelsFirst)
        if axis != nil { note(grid) }
      case (3, .last?):
        // What the graph says of its places, else what fits; a film's have frames beside rows and columns.
        let places = positionAxes == 2 ? axes.places(name, along: 1) : nil
        let isNone =
          positionAxes == 2 && places == nil
          && (axes.isScattered(name, along: 1) || queries.contains(name))
        let grid =
          isNone
          ? nil
          : places.map { LayerLayout.Grid(width: $0.width, height: $0.height) }
            ?? LayerLayout.Grid(
              ofTokens: shape[1], among: grids,
              input: positionAxes == 2 ? shapes[input.name] ?? [] : [])
        let others = shape[1] - (grid.map { $0.width * $0.height } ?? 0)
        let before = places?.first ?? others
        layouts[name] = LayerLayout(
          channels: shape[2], grid: grid, extraTokens: before, tokensAfter: others - before,
          form: .tokens)
      case (let rank, .first?) where rank == positionAxes + 2:
        let depth = rank == 5 ? shape[2] : 1
        let grid = LayerLayout.Grid(
          width: shape[-1], height: depth * (rank == 5 ? shape[3] : 1), depth: depth,
          isLine: rank == 3)
        layouts[name] = LayerLayout(
          channels: shape[1], grid: grid, extraTokens: 0, form: .channelsFirst)
        // Which tokens are of which slice is not told.
        if depth == 1 { note(grid) }
      case (0, _) where ends.contains(name), (1, _):
        if let channels = channels(ofList: shape, in: shapes) {
          layouts[name] = LayerLayout(channels: channels, grid: nil, extraTokens: 0, form: .list)
        }
      case (2..., _):
        layouts[name] = LayerLayout(
          channels: shape[1], grid: nil, extraTokens: 0, form: .channelsFirst)
      default: break
      }
    }
    return layouts
  }
}
