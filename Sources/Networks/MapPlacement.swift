import Plans
package import Tensors

/// How a layer's map lies in the picture, where the network has turned, mirrored, rolled, cut or padded it.
package struct MapPlacement: Hashable, Sendable {
  /// Which of the picture's axes lie along the map's.
  private let axes: [PictureAxis]
  /// Where the entries of the map's axes lie.
  private let places: [AxisPlaces]

  /// Creates a placement; nil where the map lies over all of the picture, in its order, or is not what is known here.
  ///
  /// - Parameters:
  ///   - axes: Which of the picture's axes lies along each of the map's, as far as that is known.
  ///   - places: Where its entries lie, as far as that is known.
  ///   - grid: The map's columns, rows and slices.
  init?(_ axes: [PictureAxis?], _ places: [AxisPlaces?], _ grid: LayerLayout.Grid) {
    let (depth, height) = (grid.depth, grid.height / grid.depth)
    let extents = (depth > 1 ? [depth] : []) + [height, grid.width]
    let upright = Self.upright(extents.count)
    let known = axes.compactMap(\.self)
    guard extents.count == axes.count, Set(known).count == known.count,
      known.allSatisfy(upright.contains)
    else { return nil }
    var left = upright.filter { !known.contains($0) }[...]
    self.axes = axes.map { $0 ?? left.removeFirst() }
    self.places = zip(places, extents).map { $0 ?? AxisPlaces(count: $1) }
    // A grid that was guessed is not what is known here.
    guard self.places.map(\.count) == extents,
      isTurned || self.places.contains(where: { !$0.isWhole })
    else { return nil }
  }

  /// Whether the axes have changed places.
  package var isTurned: Bool { axes != Self.upright(axes.count) }

  /// How many axes the map has: rows and columns, or slices before them.
  package var rank: Int { axes.count }

  private static func upright(_ count: Int) -> [PictureAxis] {
    [.slices, .rows, .columns].suffix(count)
  }

  /// Maps as they lie in the picture.
  ///
  /// - Parameters:
  ///   - maps: Of any rank, the last axes being the map's rows and columns, or slices, rows and columns.
  ///   - extents: The picture's own extents along them, taken where entries lie between those of an upright map; nil:
  ///     the nearest entries.
  /// - Returns: The same axes over all of the picture; 0 where the network does not see it.
  package func upright(_ maps: Tensor, over extents: [Int]? = nil) -> Tensor {
    let first = maps.shape.rank - axes.count
    var (maps, places) = (maps, places)
    if isTurned {
      let order = Self.upright(axes.count).compactMap { axes.firstIndex(of: $0) }
      maps = maps.transposed(Array(0..<first) + order.map { first + $0 })
      places = order.map { places[$0] }
    }
    for (axis, places) in places.enumerated() {
      maps = maps.laid(places, over: extents?[axis], alongAxis: first + axis)
    }
    return maps
  }
}

extension Tensor {
  fileprivate func laid(_ places: AxisPlaces, over extent: Int?, alongAxis axis: Int) -> Tensor {
    guard !places.isWhole else { return self }
    let mixtures = places.upright(over: extent)
    var ones = [Int](repeating: 1, count: shape.rank)
    ones[axis] = mixtures.count
    func part(_ index: (AxisPlaces.Mixture) -> Int, _ share: (AxisPlaces.Mixture) -> Float)
      -> Tensor
    {
      gathered(mixtures.map(index), alongAxis: axis) * Tensor(Shape(ones), mixtures.map(share))
    }
    let first = part(\.first) { $0.shares.0 }
    return mixtures.contains { $0.shares.1 != 0 } ? first + part(\.second) { $0.shares.1 } : first
  }
}

extension Network {
  /// How maps lie that do not lie over the whole picture, row by row.
  ///
  /// - Parameter shapes: What `shapes(inputShape:)` returned.
  /// - Returns: By the names of the graph's values.
  package func placements(in shapes: [String: Shape]) -> [String: MapPlacement] {
    let axes = pictureAxes(in: shapes)
    var placements: [String: MapPlacement] = [:]
    for (value, layout) in layouts(in: shapes) {
      placements[value] = axes.placement(of: value, layout)
    }
    return placements
  }
}
