import Networks
public import Tensors

/// The channels of a layer, weighted by the mean of their gradients and added up.
///
/// With activations `A` and `g` the target's gradient with respect to them,
/// `relu(Σ_c mean(g_c) · A_c)`. The map has the layer's resolution.
///
/// Source: Selvaraju et al., "Grad-CAM", ICCV 2017.
public struct GradCAM: AttributionMethod {
  /// The layer; `nil` for the last with positions, before pooling.
  public var layer: String?
  /// Whether only what raises the target is kept, as in the paper.
  public var rectified: Bool

  /// Creates the method.
  ///
  /// - Parameters:
  ///   - layer: The layer; `nil` for the last with positions, before pooling.
  ///   - rectified: Whether only what raises the target is kept, as in the paper.
  public init(layer: String? = nil, rectified: Bool = true) {
    self.layer = layer
    self.rectified = rectified
  }

  /// Explains one scalar at one input.
  ///
  /// - Parameters:
  ///   - input: N×C×H×W.
  ///   - subject: What is explained.
  ///   - progress: Not called: it is one pass.
  /// - Returns: N×1×h×w, the layer's height and width; neither enlarged nor normalized.
  /// - Throws: `NetworkError`; `AttributionError` where no layer can be found.
  public func attribute(
    _ input: Tensor, of subject: Subject, progress: (Double) -> Void
  ) throws -> Tensor {
    let (network, target) = (subject.network, subject.target)
    let reading = target.reading(in: network)
    let layer =
      try self.layer
      ?? network.lastConvolutionalValue(
        before: network.value(ofLayer: reading.layer), inputShape: input.shape)
    let plan = try network.plan(
      inputShape: input.shape, readings: [reading, .init(layer)], feed: subject.feed,
      observing: [layer], threads: subject.threads)
    try target.check(plan.outputShapes[0])
    let value = try network.value(ofLayer: layer)
    guard let layout = network.layouts(in: try network.shapes(inputShape: input.shape))[value],
      let grid = layout.grid
    else { throw AttributionError.noPositions(layer: layer) }
    let results = try plan.forward(input)
    _ = try plan.backward([target.derivative(at: results[0]), nil])
    guard let gradient = plan.observedGradient(0) else {
      throw AttributionError.unconnected(layer: layer)
    }
    let weights =
      layout.grid(of: gradient.reshaped(plan.outputShapes[1]))
      .sum(alongAxes: [2, 3], keepingAxes: true) / Float(grid.width * grid.height)
    let map = (weights * layout.grid(of: results[1])).sum(alongAxes: [1], keepingAxes: true)
    return rectified ? map.map { max($0, 0) } : map
  }
}
