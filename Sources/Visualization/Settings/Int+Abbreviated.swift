extension Int {
  /// The number in at most three digits and a unit: `1.53 M`.
  package var abbreviated: String {
    let units: [(Double, String)] = [(1e12, " T"), (1e9, " G"), (1e6, " M"), (1e3, " k")]
    for (size, unit) in units where Double(self) >= 0.9995 * size {
      return (Double(self) / size).threeDigits + unit
    }
    return String(self)
  }
}

extension Double {
  /// Three significant digits where there is a point: `1.53`, `21.3`, `213`.
  fileprivate var threeDigits: String {
    let places = self < 9.995 ? 2 : self < 99.95 ? 1 : 0
    return fixed(places)
  }
}
