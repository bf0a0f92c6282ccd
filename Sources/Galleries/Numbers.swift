extension Float {
  /// The way from one number to another, with the places that the larger one needs: `0.8 → 15.4`.
  static func way(from first: Float, to last: Float) -> String {
    let size = max(abs(first), abs(last))
    let places = size >= 1000 ? 0 : size >= 10 ? 1 : size >= 1 ? 2 : size >= 0.1 ? 3 : 4
    return "\(first == 0 ? "0" : Double(first).fixed(places)) → \(Double(last).fixed(places))"
  }

  /// A probability in percent: `99.8 %`.
  var percent: String {
    Double(100 * self).fixed(self < 0.0995 ? 2 : self < 0.9995 ? 1 : 0) + "\u{202F}%"
  }
}

extension Double {
  /// So many places after the point, with a real minus sign.
  func fixed(_ places: Int) -> String {
    guard isFinite, abs(self) < 1e12 else { return "\(self)" }
    let scale = (0..<places).reduce(1) { scale, _ in scale * 10 }
    let scaled = Int((abs(self) * Double(scale)).rounded())
    let sign = self < 0 && scaled > 0 ? "−" : ""
    guard places > 0 else { return "\(sign)\(scaled)" }
    let fraction = String(scaled % scale)
    let zeros = String(repeating: "0", count: places - fraction.count)
    return "\(sign)\(scaled / scale).\(zeros)\(fraction)"
  }
}
