import Contracts

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// The points and weights of Gauss–Legendre quadrature over 0…1.
///
/// The points are the zeros of the Legendre polynomial of degree `count`, found by Newton's method from
/// the asymptotic guess of Abramowitz and Stegun 22.16.6; the weights add up to 1.
///
/// - Parameter count: How many points, at least 1.
/// - Returns: The points in ascending order.
package func gaussLegendre(_ count: Int) -> [(point: Double, weight: Double)] {
  precondition(count >= 1, "gaussLegendre: \(count) points")
  return (1...count).reversed().map { i in
    var x = cos(.pi * (Double(i) - 0.25) / (Double(count) + 0.5))
    for _ in 0..<100 {
      let (value, derivative) = legendre(count, x)
      let step = value / derivative
      x -= step
      if abs(step) < 1e-15 { break }
    }
    let slope = legendre(count, x).derivative
    return (point: 0.5 * (1 + x), weight: 1 / ((1 - x * x) * slope * slope))
  }
}

/// The Legendre polynomial of a degree of at least 1 and its derivative, by the three-term recurrence.
private func legendre(_ degree: Int, _ x: Double) -> (value: Double, derivative: Double) {
  var (before, value) = (1.0, x)
  for k in 1..<max(degree, 1) {
    (before, value) = (value, (Double(2 * k + 1) * x * value - Double(k) * before) / Double(k + 1))
  }
  return (value, Double(degree) * (x * value - before) / (x * x - 1))
}
