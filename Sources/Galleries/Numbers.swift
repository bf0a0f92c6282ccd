import Visualization

extension Float {
  /// The way from one number to another, with the places that the larger one needs: `0.8 → 15.4`.
  static func way(from first: Float, to last: Float) -> String {
    let size = max(abs(first), abs(last))
    let places = size >= 1000 ? 0 : size >= 10 ? 1 : size >= 1 ? 2 : size >= 0.1 ? 3 : 4
    func text(_ number: Float) -> String { Double(number).fixed(places, minus: "−") }
    return "\(first == 0 ? "0" : text(first)) → \(text(last))"
  }

  /// A probability in percent: `99.8 %`.
  package var percent: String {
    Double(100 * self).fixed(self < 0.0995 ? 2 : self < 0.9995 ? 1 : 0) + "\u{202F}%"
  }
}
