#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

extension LinePlot {
  /// A labelled place on an axis.
  struct Tick: Hashable {
    /// The number.
    var value: Double
    /// The label; for a power of ten only "10".
    var label: String
    /// The raised part of the label.
    var exponent = ""
  }

  /// Numbers, the places they take between 0 and 1, and the ticks.
  struct Axis {
    let scale: Scale
    let (low, high): (Double, Double)

    /// An axis that shows numbers, or a given range.
    init(_ scale: Scale, of values: [Double], range: ClosedRange<Double>?) {
      self.scale = scale
      let shown = values.filter { $0.isFinite && (scale == .linear || $0 > 0) }
      let bounds = range ?? (shown.min() ?? 1)...(shown.max() ?? 1)
      var low = scale == .linear ? bounds.lowerBound : log10(bounds.lowerBound)
      var high = scale == .linear ? bounds.upperBound : log10(bounds.upperBound)
      if low == high { (low, high) = (low - 1, high + 1) }
      let room = range == nil ? 0.04 * (high - low) : 0
      (self.low, self.high) = (low - room, high + room)
    }

    /// The place of a number, 0 at the lower end and 1 at the upper; nil if it has none.
    func place(of value: Double) -> Double? {
      let inner = scale == .linear ? value : value > 0 ? log10(value) : .nan
      return inner.isFinite ? (inner - low) / (high - low) : nil
    }

    /// The ticks at round numbers: steps of 1, 2 or 5 times a power of ten, or whole powers of ten.
    func ticks(atMost count: Int) -> [Tick] {
      if scale == .logarithmic, high - low >= 1 {
        let (first, last) = (Int(low.rounded(.up)), Int(high.rounded(.down)))
        var every = 1
        while (last - first) / every + 1 > count { every += 1 }
        return stride(from: first, through: last, by: every).map {
          Tick(value: pow(10, Double($0)), label: "10", exponent: "\($0)")
        }
      }
      let ends = scale == .linear ? (low, high) : (pow(10, low), pow(10, high))
      let step = Self.roundStep(atLeast: (ends.1 - ends.0) / Double(max(count, 1)))
      let decimals = max(0, -Int(log10(step).rounded(.down)))
      let first = Int((ends.0 / step).rounded(.up))
      let last = Int((ends.1 / step).rounded(.down))
      guard first <= last else { return [] }
      return (first...last).map {
        Tick(value: Double($0) * step, label: Self.text(Double($0) * step, decimals: decimals))
      }
    }

    /// The least of 1, 2 and 5 times a power of ten that is not below a number.
    static func roundStep(atLeast least: Double) -> Double {
      let power = pow(10, log10(least).rounded(.down))
      return [1, 2, 5, 10].map { $0 * power }.first { $0 >= least * (1 - 1e-9) } ?? 10 * power
    }

    /// A number with fixed decimals, thousands apart.
    static func text(_ value: Double, decimals: Int) -> String {
      let unit = pow(10, Double(decimals))
      guard abs(value) * unit < 1e15 else { return "\(Float(value))" }
      let scaled = Int((abs(value) * unit).rounded())
      var whole = "\(scaled / Int(unit))"
      if whole.count > 4 {
        whole.insert(" ", at: whole.index(whole.endIndex, offsetBy: -3))
      }
      let rest = "\(scaled % Int(unit))"
      let zeros = String(repeating: "0", count: max(0, decimals - rest.count))
      return (value < 0 && scaled != 0 ? "−" : "") + whole
        + (decimals > 0 ? "." + zeros + rest : "")
    }
  }
}
