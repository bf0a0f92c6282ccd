import Visualization

extension Float {
  /// The number with so many significant digits and a real minus sign: `0.0342`, `−12.3`, `4.1e−7`.
  public func significant(_ digits: Int) -> String {
    guard isFinite else { return "\(self)" }
    guard self != 0 else { return "0" }
    let size = Double(abs(self))
    var exponent = 0
    var scaled = size
    while scaled >= 10 { (scaled, exponent) = (scaled / 10, exponent + 1) }
    while scaled < 1 { (scaled, exponent) = (scaled * 10, exponent - 1) }
    // 9.9996 is 10.0, not 10.00.
    let unit = (1..<max(digits, 1)).reduce(1.0) { unit, _ in unit * 10 }
    if (scaled * unit).rounded() >= 10 * unit { (scaled, exponent) = (scaled / 10, exponent + 1) }
    let text: String
    if exponent < -4 || exponent > 5 {
      text = "\(scaled.fixed(digits - 1))e\(exponent < 0 ? "−" : "")\(abs(exponent))"
    } else {
      text = size.fixed(max(0, digits - 1 - exponent))
    }
    return (self < 0 ? "−" : "") + text
  }

  /// A probability in percent: `99.8 %`, `0.04 %`.
  public var percent: String {
    let percent = Double(self) * 100
    if percent > 0, percent < 0.005 { return "<\u{202F}0.01\u{202F}%" }
    return percent.fixed(percent < 9.95 ? 2 : percent < 99.95 ? 1 : 0) + "\u{202F}%"
  }
}
