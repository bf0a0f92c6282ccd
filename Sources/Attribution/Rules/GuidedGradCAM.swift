import Networks
public import Tensors

/// Guided backpropagation where Grad-CAM is positive.
///
/// The gradient by the guided rule times the rectified Grad-CAM of a layer, repeated to the picture's size; of several
/// layers times their fused map.
///
/// Source: Selvaraju et al., "Grad-CAM", ICCV 2017; enlarged by the nearest position as in Captum.
public struct GuidedGradCAM: MeanWeighted {
  /// The layers; none: see `Explained.lastSpatialLayer()`.
  public var layers: [String]

  /// Creates the method.
  ///
  /// - Parameter layers: The layers; none: see `Explained.lastSpatialLayer()`.
  public init(layers: [String] = []) { self.layers = layers }

  /// The Grad-CAM.
  var map: any AttributionMethod {
    RegisteredMethod.Settings(layers: layers).fused { GradCAM(layer: $0) }
  }

  /// Explains pictures; the map has their shape.
  public func attribute(
    _ pictures: Tensor, of explained: Explained, progress: (Double) -> Void
  ) throws -> Tensor {
    try guided(
      pictures, by: map.attribute(pictures, of: explained) { _ in }, of: explained, progress)
  }

  /// Guided backpropagation where a map is positive.
  func guided(
    _ pictures: Tensor, by map: Tensor, of explained: Explained, _ progress: (Double) -> Void
  ) throws -> Tensor {
    progress(0.5)
    let guided = try explained.gradient(at: pictures, rule: .guided)
    let (height, width) = (pictures.shape[2], pictures.shape[3])
    return guided
      * explained.overBands(
        map, like: pictures,
        slices: { maps, depth in
          maps.gathered((0..<depth).map { $0 * maps.shape[1] / depth }, alongAxis: 1)
        }
      ) { $0.repeated(height: height, width: width) }
  }
}

extension RegisteredMethod {
  static let guidedGradCAM = RegisteredMethod(
    "guided-grad-cam", "guided backpropagation where Grad-CAM is positive", takes: [.layer]
  ) { GuidedGradCAM(layers: $0.layers) }
}
