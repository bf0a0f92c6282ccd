extension Double {
  /// The number with so many places after the point.
  ///
  /// - Parameters:
  ///   - places: How many.
  ///   - minus: What stands before a number below 0.
  /// - Returns: `3.14`; a number too large for that, or none, as Swift writes it.
  package func fixed(_ places: Int, minus: String = "-") -> String {
    let scale = (0..<places).reduce(1) { scale, _ in scale * 10 }
    guard isFinite, abs(self) * Double(scale) < 1e18 else { return "\(self)" }
    let scaled = Int((abs(self) * Double(scale)).rounded())
    let sign = self < 0 && scaled > 0 ? minus : ""
    guard places > 0 else { return "\(sign)\(scaled)" }
    let fraction = String(scaled % scale)
    return "\(sign)\(scaled / scale)."
      + String(repeating: "0", count: places - fraction.count) + fraction
  }
}
