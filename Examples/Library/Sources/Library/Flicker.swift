import FeatureVisualization

/// A change of brightness that a good picture should survive: every pixel times one number near 1.
struct Flicker: Transform {
  /// How far from 1 the number may be.
  let amount: Double

  init(_ amount: Double) { self.amount = amount }

  func callAsFunction(
    _ image: Variable, using random: inout some RandomNumberGenerator
  ) -> Variable {
    image * Float(Double.random(in: 1 - amount...1 + amount, using: &random))
  }
}
