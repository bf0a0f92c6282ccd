import Networks
public import Tensors

/// Maps of several layers fused: each brought to 0…1, enlarged to the picture and averaged.
///
/// What is negative is dropped, as in pytorch-grad-cam's `aggregate_multi_layers`, whose steps these are: a
/// map less its smallest value, over its largest, enlarged bilinearly; then their mean, brought to 0…1 again.
public struct LayerFusion: AttributionMethod {
  /// The methods, one a layer, whose maps are N×1×h×w.
  public var methods: [any AttributionMethod]

  /// Creates the method.
  ///
  /// - Parameter methods: At least one, whose maps are N×1×h×w.
  public init(_ methods: [any AttributionMethod]) {
    precondition(!methods.isEmpty, "LayerFusion: no methods")
    self.methods = methods
  }

  /// Explains pictures.
  ///
  /// - Parameters:
  ///   - pictures: N×C×H×W.
  ///   - explained: What is explained.
  ///   - progress: Called with the fraction done, 0…1.
  /// - Returns: N×1×H×W in 0…1, of a volume N×D×H×W.
  /// - Throws: What the methods throw.
  public func attribute(
    _ pictures: Tensor, of explained: Explained, progress: (Double) -> Void
  ) throws -> Tensor {
    let maps = try methods.enumerated().map { index, method in
      try method.attribute(pictures, of: explained) {
        progress((Double(index) + $0) / Double(methods.count))
      }
    }
    return fused(maps, of: pictures, explained)
  }

  /// The methods' maps as one.
  func fused(_ maps: [Tensor], of pictures: Tensor, _ explained: Explained) -> Tensor {
    var sum: Tensor?
    for map in maps {
      let enlarged = map.map { max($0, 0) }.scaledToOneTogether()
        .enlarged(depth: explained.depth).enlarged(
          height: pictures.shape[2], width: pictures.shape[3])
      sum = sum.map { $0 + enlarged } ?? enlarged
    }
    return ((sum ?? Tensor(pictures.shape)) / Float(methods.count)).scaledToOneTogether()
  }
}

extension RegisteredMethod.Settings {
  /// A method of the layer that was named, of several fused, or of its own choice.
  func fused(_ method: (String?) -> any AttributionMethod) -> any AttributionMethod {
    layers.count > 1 ? LayerFusion(layers.map { method($0) }) : method(layers.first)
  }
}

extension Explained {
  /// The slices of a volume; 1 of anything else.
  var depth: Int {
    if case .volume(let volume) = network.form { return volume.depth }
    return 1
  }
}

extension Tensor {
  /// Each picture, with all its planes, less its smallest value, over its largest then.
  ///
  /// - Returns: The same shape, N×d×h×w, in 0…1.
  func scaledToOneTogether() -> Tensor {
    reshaped([shape[0], 1, shape[1] * shape[2], shape[3]]).scaledToOne().reshaped(shape)
  }

  /// Each plane less its smallest value, over its largest then.
  ///
  /// - Returns: The same shape, in 0…1; zeros where a plane is constant.
  package func scaledToOne() -> Tensor {
    let rest = Array(shape.dimensions.indices.suffix(2))
    let floor = -(-self).maximum(alongAxes: rest)
    let risen = self - floor
    return risen / (risen.maximum(alongAxes: rest) + 1e-7)
  }
}
