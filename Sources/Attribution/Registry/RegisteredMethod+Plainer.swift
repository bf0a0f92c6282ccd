import Graphs
import Networks
public import Tensors

extension RegisteredMethod {
  /// The plainer methods whose maps this one has, number by number, on networks that have nothing of what it treats in
  /// a way of its own: rectifiers, biases, attention, a bend anywhere, or more than a mean behind a layer.
  ///
  /// Those that are no gradient or class activation map cost as much as the method itself: they are compared where
  /// they are known.
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
    "cp-lrp": ["input-x-gradient"],
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
  ///   - known: Looks for the map of a method by its name; nil: it is made, if that takes little.
  /// - Returns: nil where there is none.
  /// - Throws: `CancellationError`; what a plainer method cannot have is no error of this one.
  public func plainerMethod(
    withMap map: Tensor, of pictures: Tensor, in explained: Explained, _ settings: Settings,
    known: (String) -> Tensor? = { _ in nil }
  ) throws -> RegisteredMethod? {
    for name in plainer {
      do {
        let method = try RegisteredMethod.named(name)
        guard
          let other = try known(name)
            ?? (isQuick(name, explained)
              ? explained.map(of: pictures, by: method.method(settings)) : nil)
        else { continue }
        if map.isSame(as: other) { return method }
      } catch let error as CancellationError {
        throw error
      } catch {
        continue
      }
    }
    return nil
  }

  /// Whether a plainer method takes little time and memory beside this one.
  ///
  /// Rules through a whole network have plans of their own, beside which a gradient's would be a second one; they
  /// are no gradient where anything bends.
  private func isQuick(_ name: String, _ explained: Explained) -> Bool {
    guard Self.quick.contains(name) else { return false }
    let hasOwnPlan =
      ["deep-lift", "excitation-backprop"].contains(self.name) || self.name.contains("lrp")
    return !hasOwnPlan || !explained.network.graph.isBent
  }

  private static let quick: Set = [
    "gradient", "input-x-gradient", "grad-cam", "layer-cam", "hires-cam",
    "layer-gradient-x-activation",
  ]
}

extension Graph {
  /// Whether it is more than sums and rectifiers without biases, or sums with them: `f(t x) ≠ t f(x)` for some `t > 0`,
  /// and its gradient is no constant.
  fileprivate var isBent: Bool {
    let roles = nodes.map { role(of: $0) }
    return roles.contains(.elementwise) || roles.contains(.gate)
      || roles.contains(where: \.isRectifier) && nodes.contains(where: isBiased)
  }

  /// Whether a node adds numbers whatever the input is.
  private func isBiased(_ node: Node) -> Bool {
    switch role(of: node) {
    case .linear: node.input(2).map { !isZero($0) } ?? false
    case .normalization: true
    case .arithmetic(.addition), .arithmetic(.subtraction): node.inputs.contains { !isZero($0) }
    default: false
    }
  }

  /// Whether a value is no constant, or one of zeros.
  private func isZero(_ name: String) -> Bool {
    constants[name]?.tensor.scalars.allSatisfy { $0 == 0 } ?? true
  }
}

extension Tensor {
  /// Whether all numbers are another's, but for the rounding of sums in another order.
  fileprivate func isSame(as other: Tensor) -> Bool {
    guard shape == other.shape else { return false }
    let (own, others) = (scalars, other.scalars)
    let largest = others.reduce(0) { max($0, abs($1)) }
    return largest > 0 && largest.isFinite
      && zip(own, others).allSatisfy { abs($0 - $1) <= 1e-5 * largest }
  }
}
