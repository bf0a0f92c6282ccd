public import Networks
public import Tensors

extension Network {
  /// The last layer of one map at each resolution; of a network with one resolution alone, four from its first to its last.
  ///
  /// Of layers whose rows and columns can be followed from the picture, where there are any: an attention's matrix has
  /// none.
  ///
  /// - Parameter shapes: What `shapes(inputShape:)` returned.
  /// - Returns: Names of layers in the order in which they run.
  public func stages(in shapes: [String: Shape]) -> [String] {
    let layouts = layouts(in: shapes)
    let axes = pictureAxes(in: shapes)
    var layers: [(name: String, places: Int, isFollowed: Bool)] = []
    for layer in self.layers {
      guard let layout = layouts[layer.value], let grid = layout.grid, layout.channels > 1,
        grid.width * grid.height > 1, shapes[layer.value]?[0] == shapes[input.name]?[0]
      else { continue }
      layers.append((layer.name, grid.width * grid.height, axes.hasPlaces(layer.value)))
    }
    if layers.contains(where: \.isFollowed) { layers.removeAll { !$0.isFollowed } }
    let sizes = Set(layers.map(\.places))
    guard sizes.count == 1, layers.count > 4 else {
      return layers.indices.filter { index in
        !layers[(index + 1)...].contains { $0.places == layers[index].places }
      }.map { layers[$0].name }
    }
    return (1...4).map { layers[$0 * layers.count / 4 - 1].name }
  }
}
