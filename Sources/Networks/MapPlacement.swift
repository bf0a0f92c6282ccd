import Plans
package import Tensors

/// How a layer's map lies in the picture, where the network has turned, mirrored, rolled, cut or padded it.
package struct MapPlacement: Hashable, Sendable {
  /// Whether the rows of the map are the picture's columns.
  let isTurned: Bool
  /// Where the picture's rows lie.
  let rows: AxisPlaces
  /// Where the picture's columns lie.
  let columns: AxisPlaces

  /// Maps as they lie in the picture.
  ///
  /// - Parameters:
  ///   - maps: N×C×h×w, as the layer has them.
  ///   - height: The picture's height, taken where rows lie between those of an upright map; nil: the nearest rows.
  ///   - width: The same of its width.
  /// - Returns: N×C×h′×w′ over all of the picture; 0 where the network does not see it.
  package func upright(_ maps: Tensor, height: Int? = nil, width: Int? = nil) -> Tensor {
    let turned = isTurned ? maps.transposed([0, 1, 3, 2]) : maps
    return turned.laid(rows, over: height, alongAxis: 2).laid(columns, over: width, alongAxis: 3)
  }
}

extension Tensor {
  fileprivate func laid(_ places: AxisPlaces, over extent: Int?, alongAxis axis: Int) -> Tensor {
    guard !places.isWhole else { return self }
    let mixtures = places.upright(over: extent)
    var ones = [1, 1, 1, 1]
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
  /// - Returns: By the names of the graph's values; none of signals and volumes.
  package func placements(in shapes: [String: Shape]) -> [String: MapPlacement] {
    guard positionAxes == 2 else { return [:] }
    let axes = pictureAxes(in: shapes)
    var placements: [String: MapPlacement] = [:]
    for (value, layout) in layouts(in: shapes) {
      placements[value] = axes.placement(of: value, layout)
    }
    return placements
  }
}
