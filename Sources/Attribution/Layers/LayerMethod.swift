import Networks
public import Tensors

/// A method that explains the objective by a layer's units instead of by pixels.
public protocol LayerMethod: AttributionMethod {
  /// The layer.
  var layer: String { get }

  /// What each of the layer's units contributes.
  ///
  /// - Parameters:
  ///   - pictures: N×C×H×W.
  ///   - explained: What is explained.
  ///   - progress: Called with the fraction done, 0…1.
  /// - Returns: The layer's shape, as the graph has it: N×C×h×w of maps, N×T×C of tokens, N×C of rows.
  /// - Throws: `NetworkError`, `ObjectiveError` or `AttributionError`.
  func units(
    of pictures: Tensor, _ explained: Explained, progress: (Double) -> Void
  ) throws -> Tensor
}

extension LayerMethod {
  /// What each position of the layer contributes: the sum over its channels.
  ///
  /// - Parameters:
  ///   - pictures: N×C×H×W.
  ///   - explained: What is explained.
  ///   - progress: Called with the fraction done, 0…1.
  /// - Returns: N×1×h×w, of a volume's layer N×d×h×w; tokens without a place in the picture are left out.
  /// - Throws: As `units(of:_:progress:)`; `AttributionError.noPositions` of a layer of channels alone.
  public func attribute(
    _ pictures: Tensor, of explained: Explained, progress: (Double) -> Void
  ) throws -> Tensor {
    let layout = try explained.spatialLayout(of: .layer(layer))
    let units = try units(of: pictures, explained, progress: progress)
    let map = layout.grid(of: units).sum(alongAxes: [1], keepingAxes: true)
    return try explained.inSlices(map, of: .layer(layer))
  }
}

extension Explained {
  /// A layer's output and the gradient by it, as the graph has them.
  struct LayerPass {
    let activation: Tensor
    let gradient: Tensor
  }

  /// A pass there and back again.
  ///
  /// - Parameters:
  ///   - layer: The layer.
  ///   - pictures: N×C×H×W.
  /// - Returns: Its output and gradient.
  /// - Throws: `NetworkError`; `AttributionError.unconnected`.
  func pass(through layer: Reading.Source, at pictures: Tensor) throws -> LayerPass {
    let both = try inBatches(pictures) { pictures in
      let stored = try stored([layer], at: pictures).stored[0]
      return [stored.activation, stored.gradient]
    }
    return LayerPass(activation: both[0], gradient: both[1])
  }
}

extension RegisteredMethod {
  /// A method of one layer's units, shown by position; where none is named, the layer is usually the one that class
  /// activation maps are made of, and of a detector's scores the map that carries them.
  static func layerMethod(
    _ name: String, _ summary: String, takes options: Set<Option> = [],
    at usual: @escaping @Sendable (Explained) throws -> Reading.Source = {
      try $0.lastSpatialLayer()
    },
    _ make: @escaping @Sendable (String, Settings) throws -> any LayerMethod
  ) -> RegisteredMethod {
    RegisteredMethod(
      name, summary, shows: .lowResolution, takes: options.union([.layer]),
      of: { [try $0.carryingMap(at: $1) ?? usual($0)] }
    ) { said in
      guard said.layers.count <= 1 else {
        throw AttributionError.oneLayer(method: name, layers: said.layers)
      }
      return LastLayerMethod(layer: said.layers.first, usual: usual) { try make($0, said) }
    }
  }
}

/// A method of a layer that is chosen when it is known what is explained.
struct LastLayerMethod: AttributionMethod {
  let layer: String?
  let usual: @Sendable (Explained) throws -> Reading.Source
  let make: @Sendable (String) throws -> any LayerMethod

  func attribute(
    _ pictures: Tensor, of explained: Explained, progress: (Double) -> Void
  ) throws -> Tensor {
    let name = try layer ?? usual(explained).title
    return try make(name).attribute(pictures, of: explained, progress: progress)
  }
}
