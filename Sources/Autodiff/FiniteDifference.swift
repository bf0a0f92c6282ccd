/// A derivative by a central difference, `(f(h) − f(−h)) / 2h`, and the rounding in it.
public struct FiniteDifference: Hashable, Sendable {
  /// The step `h`.
  public let step: Double

  /// The difference quotient.
  public let estimate: Double

  /// About how much of it is the rounding of the function's values.
  public let noise: Double
}

/// A derivative at 0 by central differences for halved steps, extrapolated to step 0.
///
/// Central differences err by even powers of the step, of which each column of the table cancels one. The
/// entry counts that agrees best with its neighbours, rounding included. Source: Ridders, "Accurate
/// computation of F′(x) and F′(x)F″(x)", Advances in Engineering Software 1982.
///
/// - Parameters:
///   - exponents: The steps as powers of ½, from wide to narrow.
///   - noise: How much rounding a value has.
///   - f: The function.
/// - Returns: The derivative, how far it may be off, and the plain differences.
func extrapolatedDerivative(
  exponents: ClosedRange<Int>, noise: Double, of f: (Double) throws -> Double
) rethrows -> (estimate: Double, uncertainty: Double, steps: [FiniteDifference]) {
  let columns = 4
  var steps: [FiniteDifference] = []
  var best = (estimate: Double.nan, uncertainty: Double.infinity)
  var above: [Double] = []
  for exponent in exponents {
    let step = Double(sign: .plus, exponent: -exponent, significand: 1)
    let plain = FiniteDifference(
      step: step, estimate: (try f(step) - f(-step)) / (2 * step), noise: noise / step)
    steps.append(plain)
    var row = [plain.estimate]
    for column in 0..<min(above.count, columns - 1) {
      let (wide, narrow) = (above[column], row[column])
      let entry = narrow + (narrow - wide) / (Double(1 << (2 * (column + 1))) - 1)
      let uncertainty = max(abs(entry - narrow), abs(entry - wide)) + plain.noise
      if uncertainty < best.uncertainty { best = (entry, uncertainty) }
      row.append(entry)
    }
    above = row
  }
  return (best.estimate, best.uncertainty, steps)
}
