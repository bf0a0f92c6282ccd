extension Float {
  /// The number as people write it, exactly: `5`, `0.05`.
  var plain: String {
    self == rounded() && abs(self) < 1e6 ? String(Int(self)) : String(self)
  }

  /// Three digits that count: `0.0512`, `18.3`, `1240`.
  var short: String {
    guard isFinite else { return "\(self)" }
    var places = 0
    var size = abs(Double(self))
    while size > 0, size < 99.95, places < 4 {
      size *= 10
      places += 1
    }
    return Double(self).fixed(places)
  }

  /// A probability in percent: `99.8 %`.
  var percent: String { Double(100 * self).fixed(self < 0.0995 ? 2 : 1) + "\u{202F}%" }
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
