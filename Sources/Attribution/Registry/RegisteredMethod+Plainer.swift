public import Tensors

extension RegisteredMethod {
  /// The plainer methods whose maps this one has, number by number, on networks that have nothing of what it treats in
  /// a way of its own: rectifiers, biases, attention, a bend anywhere, or more than a mean behind a layer.
  ///
  /// Only such that cost no more than the method itself, in time and in memory.
  var plainer: [String] { Self.plainer[name] ?? [] }

  private static let plainer: [String: [String]] = [
    "smoothgrad": ["gradient"],
    "guided-backprop": ["gradient"],
    "deconvolution": ["gradient"],
    "beta-smooth": ["gradient"],
    "deep-lift": ["input-x-gradient"],
    "integrated-gradients": ["input-x-gradient"],
    "guided-ig": ["input-x-gradient"],
    "lrp-epsilon-plus": ["input-x-gradient"],
    "lrp-epsilon-plus-flat": ["lrp-epsilon-plus"],
    "lrp-epsilon-alpha2-beta1": ["lrp-epsilon-plus"],
    "lrp-epsilon-alpha2-beta1-flat": ["lrp-epsilon-plus-flat", "lrp-epsilon-alpha2-beta1"],
    "lrp-epsilon-gamma-box": ["lrp-epsilon-plus"],
    "excitation-backprop": ["lrp-epsilon-plus"],
    "attn-lrp": ["input-x-gradient"],
    "cp-lrp": ["input-x-gradient", "attn-lrp"],
    "hires-cam": ["grad-cam"],
    "xgrad-cam": ["grad-cam"],
    "grad-cam++": ["grad-cam"],
    "layer-cam": ["grad-cam"],
    "elementwise-grad-cam": ["grad-cam", "layer-cam"],
    "shapley-cam": ["grad-cam", "hires-cam"],
    "layer-conductance": ["layer-gradient-x-activation"],
  ]

  /// The plainer method whose map this one's is on a network, number by number: what is said of both is one thing, and
  /// that they agree says nothing.
  ///
  /// - Parameters:
  ///   - map: This method's map.
  ///   - pictures: Of what, N×C×H×W.
  ///   - explained: Of which unit.
  ///   - settings: What the method was told.
  ///   - known: Looks for the map of a method by its name; nil: it is made.
  /// - Returns: nil where there is none.
  /// - Throws: `CancellationError`; what a plainer method cannot have is no error of this one.
  public func plainerMethod(
    withMap map: Tensor, of pictures: Tensor, in explained: Explained, _ settings: Settings,
    known: (String) -> Tensor? = { _ in nil }
  ) throws -> RegisteredMethod? {
    for name in plainer {
      do {
        let method = try RegisteredMethod.named(name)
        let other =
          try known(name) ?? explained.map(of: pictures, by: method.method(settings))
        if map.isSame(as: other) { return method }
      } catch let error as CancellationError {
        throw error
      } catch {
        continue
      }
    }
    return nil
  }
}

extension Tensor {
  /// Whether all numbers are another's, but for the rounding of sums in another order.
  fileprivate func isSame(as other: Tensor) -> Bool {
    guard shape == other.shape else { return false }
    let (own, others) = (scalars, other.scalars)
    let largest = others.reduce(0) { max($0, abs($1)) }
    return largest > 0 && zip(own, others).allSatisfy { abs($0 - $1) <= 1e-5 * largest }
  }
}
