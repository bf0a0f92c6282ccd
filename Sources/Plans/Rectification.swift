package import Blocks
package import Tensors

/// How a gradient passes a rectifier, in the terms of what one store can do to it.
public struct Rectification: Sendable, Hashable {
  /// Whether the gradient passes only where the rectifier was on: strictly between its ends.
  public let isMasked: Bool
  /// Whether only what is positive of the gradient passes.
  public let isPositive: Bool
  /// Whether what would turn a rectifier on that is off passes; see `GradientRule.redirected`.
  public let isRedirected: Bool

  /// Creates a way without redirection.
  ///
  /// - Parameters:
  ///   - isMasked: Whether the gradient passes only where the rectifier was on.
  ///   - isPositive: Whether only what is positive of it passes.
  public init(isMasked: Bool, isPositive: Bool) {
    (self.isMasked, self.isPositive, isRedirected) = (isMasked, isPositive, false)
  }

  private init() { (isMasked, isPositive, isRedirected) = (true, false, true) }

  /// The derivative.
  public static let derivative = Rectification(isMasked: true, isPositive: false)

  /// The derivative, and what would turn on what is off.
  public static let redirected = Rectification()
}

extension Rectification {
  /// The gradient of a rectifier's input, of a tensor with pictures along its first axis.
  ///
  /// - Parameters:
  ///   - gradient: The gradient of the rectifier's result.
  ///   - value: The result.
  ///   - clamp: The ends between which the rectifier is on.
  ///   - always: Whether a redirected gradient passes whatever else does.
  /// - Returns: The shape of `value`.
  package func gradient(
    _ gradient: Tensor, at value: Tensor, outside clamp: Clamp, always: Bool
  ) -> Tensor {
    let isOn = { (y: Float) in y > clamp.lower && y < clamp.upper }
    let each = value.count / max(1, value.shape.rank > 0 ? value.shape[0] : 1)
    return Tensor(value.shape) { result in
      gradient.withUnsafeBufferPointer { g in
        value.withUnsafeBufferPointer { y in
          for first in stride(from: 0, to: y.count, by: max(each, 1)) {
            let picture = first..<first + each
            let redirects =
              isRedirected && (always || !picture.contains { g[$0] != 0 && isOn(y[$0]) })
            for i in picture {
              if isOn(y[i]) || !isMasked {
                result[i] = isPositive ? max(g[i], 0) : g[i]
              } else if redirects {
                result[i] = y[i] <= clamp.lower ? min(g[i], 0) : max(g[i], 0)
              } else {
                result[i] = 0
              }
            }
          }
        }
      }
    }
  }
}
