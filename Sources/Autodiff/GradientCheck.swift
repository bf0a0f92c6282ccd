public import Tensors

/// A derivative along a random direction, found by the tape and by finite differences.
public struct GradientCheck: Sendable {
  /// `⟨v, Jᵀ g⟩`, from the tape.
  public let derivative: Double

  /// `⟨J v, g⟩`, from differences of the function's values.
  public let difference: Double

  /// The size that a derivative along a direction such as `v` typically has, `‖Jᵀ g‖`.
  public let scale: Double

  /// The disagreement as a part of the derivative's typical size.
  public var relativeError: Double {
    let size = max(scale, abs(difference))
    return size == 0 ? 0 : abs(derivative - difference) / size
  }
}

/// Compares a function's gradient with finite differences along a random direction.
///
/// The function may have a result of any shape: its elements are summed with random weights `g`. The
/// direction `v` has independent standard normal entries. Differences are of fourth order,
/// `(8 (f(h) − f(−h)) − (f(2h) − f(−2h))) / 12h`, for h = 2⁻², 2⁻³, …, 2⁻¹⁰, and the one counts that
/// agrees best with that of half the step, so that neither curvature nor the rounding of `Float` decides.
/// A right gradient of a smooth function with values and arguments near 1 gives a `relativeError` below
/// 10⁻³, a wrong one a value near 1. At kinks, such as `relu` at 0, both numbers are meaningless.
///
/// - Parameters:
///   - xs: Where.
///   - seed: Chooses the direction and the weights.
///   - f: The function.
/// - Returns: Both derivatives.
public func checkGradient(
  at xs: [Tensor], seed: UInt64 = 0, of f: ([Variable]) throws -> Variable
) rethrows -> GradientCheck {
  var random = SplitMix64(seed: seed)
  let directions = xs.map { Tensor.normal($0.shape, using: &random) }
  let (value, pullback) = try valueWithPullback(at: xs, of: f)
  let weights = Tensor.normal(value.shape, using: &random)
  let gradients = pullback(weights)
  let derivative = zip(gradients, directions).reduce(0.0) { $0 + preciseDot($1.0, $1.1) }
  let scale = gradients.reduce(0.0) { $0 + preciseDot($1, $1) }.squareRoot()

  func difference(_ step: Float) throws -> Double {
    let above = try f(zip(xs, directions).map { Variable($0 + $1 * step) }).value
    let below = try f(zip(xs, directions).map { Variable($0 - $1 * step) }).value
    return preciseDot(above, weights, less: below)
  }
  // `coarse` is the estimate of the step before, which `fine` judges.
  var best = (estimate: Double.nan, disagreement: Double.infinity)
  var (wide, coarse) = (try difference(0.5), Double.nan)
  for exponent in 2...11 {
    let step = Float(sign: .plus, exponent: -exponent, significand: 1)
    let narrow = try difference(step)
    let fine: Double = (8 * narrow - wide) / (12 * Double(step))
    let disagreement: Double = (fine - coarse).magnitude
    if disagreement < best.disagreement { best = (coarse, disagreement) }
    (wide, coarse) = (narrow, fine)
  }
  return GradientCheck(
    derivative: derivative, difference: best.estimate, scale: scale)
}

/// Compares the gradient of a function of one variable with finite differences along a random direction.
///
/// - Parameters:
///   - x: Where.
///   - seed: Chooses the direction and the weights.
///   - f: The function.
/// - Returns: Both derivatives.
public func checkGradient(
  at x: Tensor, seed: UInt64 = 0, of f: (Variable) throws -> Variable
) rethrows -> GradientCheck {
  try checkGradient(at: [x], seed: seed) { try f($0[0]) }
}

/// `Σ (a − c) b` in double precision.
private func preciseDot(_ a: Tensor, _ b: Tensor, less c: Tensor? = nil) -> Double {
  a.withUnsafeBufferPointer { a in
    b.withUnsafeBufferPointer { b in
      var sum = 0.0
      if let c {
        c.withUnsafeBufferPointer { c in
          for i in a.indices { sum += (Double(a[i]) - Double(c[i])) * Double(b[i]) }
        }
      } else {
        for i in a.indices { sum += Double(a[i]) * Double(b[i]) }
      }
      return sum
    }
  }
}
