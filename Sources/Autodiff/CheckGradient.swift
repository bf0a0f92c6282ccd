public import Tensors

/// Compares a function's gradient with finite differences along random directions, input by input.
///
/// The function may have a result of any shape: its elements are summed with random weights `g`. Each
/// input is moved along a direction `v` of independent standard normal entries while the others rest.
/// The derivative is found three times: by walking backwards, `⟨v, Jᵀ g⟩`; forwards, `⟨J v, g⟩`, by
/// pulling the pullback back; and from central differences for the steps ½, ¼, … 2⁻¹¹, extrapolated to 0.
///
/// **How exact it is.** Tensors are `Float`, and so are the function's values; only the sums over elements
/// are in double precision. The rounding of the values leaves differences a noise floor of about 10⁻⁷ of
/// the values over the step. Extrapolation lets the step stay wide: a right gradient of a smooth function
/// with values and arguments near 1 gives a `relativeError` of 10⁻⁶ to 10⁻⁴, and `uncertainty` says how
/// much of it the differences may be to blame for. Where that is not enough, give the function in double
/// precision too: `checkGradient(at:seed:tolerance:of:inDoublePrecision:)`. At kinks, such as `relu` at 0,
/// all the numbers are meaningless.
///
/// - Parameters:
///   - xs: Where.
///   - seed: Chooses the directions and the weights.
///   - tolerance: What counts as agreement, as a part of the derivative's typical size.
///   - forward: Whether to look for the forward derivative too: it differentiates the pullbacks.
///   - f: The function.
/// - Returns: The derivatives of each input, and what they mean.
public func checkGradient(
  at xs: [Tensor], seed: UInt64 = 0, tolerance: Double = 1e-3, forward: Bool = true,
  of f: ([Variable]) throws -> Variable
) rethrows -> GradientCheck {
  try GradientChecker(at: xs, seed: seed, forward: forward, of: f).check(
    tolerance: tolerance, unit: 0x1p-24
  ) { index, direction, weights, step in
    let moved = zip(xs.indices, xs).map {
      Variable($0 == index ? $1 + direction * Float(step) : $1)
    }
    return preciseDot(try f(moved).value, weights)
  }
}

/// Compares the gradient of a function of one variable with finite differences.
///
/// - Parameters:
///   - x: Where.
///   - seed: Chooses the direction and the weights.
///   - tolerance: What counts as agreement, as a part of the derivative's typical size.
///   - forward: Whether to look for the forward derivative too.
///   - f: The function.
/// - Returns: The derivatives and what they mean.
public func checkGradient(
  at x: Tensor, seed: UInt64 = 0, tolerance: Double = 1e-3, forward: Bool = true,
  of f: (Variable) throws -> Variable
) rethrows -> GradientCheck {
  try checkGradient(at: [x], seed: seed, tolerance: tolerance, forward: forward) { try f($0[0]) }
}

/// Compares a function's gradient with finite differences of the same function in double precision.
///
/// The differences then have a noise floor near 10⁻¹², and what disagreement is left is the rounding of
/// the tape's own `Float`: about 10⁻⁶. It also shows a function whose value, not only its gradient, is off.
///
/// - Parameters:
///   - xs: Where.
///   - seed: Chooses the directions and the weights.
///   - tolerance: What counts as agreement, as a part of the derivative's typical size.
///   - f: The function.
///   - reference: The same in double precision: from the scalars of each input, in row-major order, to
///     those of the result.
/// - Returns: The derivatives of each input, and what they mean.
public func checkGradient(
  at xs: [Tensor], seed: UInt64 = 0, tolerance: Double = 1e-5,
  of f: ([Variable]) throws -> Variable,
  inDoublePrecision reference: ([[Double]]) throws -> [Double]
) rethrows -> GradientCheck {
  try GradientChecker(at: xs, seed: seed, forward: true, of: f).check(
    tolerance: tolerance, unit: 0x1p-53
  ) { index, direction, weights, step in
    var scalars = xs.map { $0.scalars.map(Double.init) }
    for (i, v) in direction.scalars.enumerated() { scalars[index][i] += Double(v) * step }
    let value = try reference(scalars)
    precondition(
      value.count == weights.count,
      "checkGradient: \(value.count) scalars in double precision for \(weights.shape)")
    return zip(value, weights.scalars).reduce(0) { $0 + $1.0 * Double($1.1) }
  }
}

/// The tape's side of a check.
private struct GradientChecker {
  let xs: [Tensor]
  let directions: [Tensor]
  let weights: Tensor
  let value: Tensor
  let gradients: [Tensor]
  let forward: [Double?]

  init(
    at xs: [Tensor], seed: UInt64, forward: Bool, of f: ([Variable]) throws -> Variable
  ) rethrows {
    var random = SplitMix64(seed: seed)
    let directions = xs.map { Tensor.normal($0.shape, using: &random) }
    let (value, pullback) = try valueWithPullback(at: xs, of: f)
    let weights = Tensor.normal(value.shape, using: &random)
    (self.xs, self.directions, self.weights, self.value) = (xs, directions, weights, value)
    gradients = pullback(weights)
    self.forward = try xs.indices.map { index in
      guard forward else { return nil }
      let alone = zip(xs.indices, directions).map { $0 == index ? $1 : Tensor($1.shape) }
      return preciseDot(try valueWithDerivative(at: xs, along: alone, of: f).derivative, weights)
    }
  }

  /// Compares with differences of `⟨f(x + h v), g⟩`, which the closure gives for an input and a step.
  func check(
    tolerance: Double, unit: Double,
    _ weightedValue: (_ input: Int, _ v: Tensor, _ g: Tensor, _ h: Double) throws -> Double
  ) rethrows -> GradientCheck {
    let products = value * weights
    let inputs = try xs.indices.map { index in
      // The values are rounded, and so are the arguments.
      let shifts = xs[index] * gradients[index]
      let squares = preciseDot(products, products) + preciseDot(shifts, shifts)
      let found = try extrapolatedDerivative(exponents: 1...11, noise: unit * squares.squareRoot())
      {
        try weightedValue(index, directions[index], weights, $0)
      }
      return GradientCheck.Input(
        index: index, shape: xs[index].shape,
        reverse: preciseDot(directions[index], gradients[index]), forward: forward[index],
        difference: found.estimate, uncertainty: found.uncertainty,
        scale: preciseDot(gradients[index], gradients[index]).squareRoot(), steps: found.steps,
        tolerance: tolerance)
    }
    return GradientCheck(inputs: inputs)
  }
}

/// `Σ a b` in double precision.
private func preciseDot(_ a: Tensor, _ b: Tensor) -> Double {
  a.withUnsafeBufferPointer { a in
    b.withUnsafeBufferPointer { b in
      var sum = 0.0
      for i in a.indices { sum += Double(a[i]) * Double(b[i]) }
      return sum
    }
  }
}
