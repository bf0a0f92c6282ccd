extension ExactComparison {
  /// How far numbers lie from exact ones.
  package struct Difference {
    /// The largest of the exact numbers, without its sign.
    package let largest: Double
    /// The largest difference; infinite where one is a number and the other is none.
    package let amount: Double
    /// How far rounding may move them, where that is known.
    let noise: Double

    /// Compares.
    ///
    /// - Parameters:
    ///   - computed: The numbers.
    ///   - exact: As they should be.
    ///   - noise: How far rounding may move them.
    init(computed: [Float], exact: [Double], noise: Double = 0) {
      var (amount, largest) = (0.0, 0.0)
      for (own, exact) in zip(computed, exact) {
        if exact.isFinite { largest = max(largest, abs(exact)) }
        if Double(own) == exact || own.isNaN && exact.isNaN { continue }
        let difference = abs(Double(own) - exact)
        amount = max(amount, difference.isFinite ? difference : .infinity)
      }
      self.amount = computed.count == exact.count ? amount : .infinity
      (self.largest, self.noise) = (largest, noise)
    }

    /// The largest difference over the largest number.
    package var error: Double { amount == 0 ? 0 : amount / largest }

    /// Whether the numbers are the same but for rounding.
    package var isRounding: Bool { isWithin(ExactComparison.limits.values) }

    /// Whether the difference is within a part of the largest number, or as far as rounding moves them: further where
    /// large terms cancel.
    package func isWithin(_ limit: Double) -> Bool {
      error <= limit || amount <= noise
    }
  }
}
