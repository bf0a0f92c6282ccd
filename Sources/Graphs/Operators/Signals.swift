import Autodiff
import Blocks
import Tensors

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

extension Operator {
  /// Windows over signals, and the bands that their frequencies are gathered in.
  static let signals: [Operator] = [
    window("HannWindow", [0.5, 0.5]),
    window("HammingWindow", [25.0 / 46, 21.0 / 46]),
    window("BlackmanWindow", [0.42, 0.5, -0.08]),
    Operator("MelWeightMatrix", .other, makes: .by(named), melWeights),
  ]

  private static func named(_ call: TapeCall) -> ElementType {
    ElementType(rawValue: call.node.int("output_datatype", default: 1))
  }

  /// `a₀ − a₁ cos 2πi/n − a₂ cos 4πi/n …`, over a period or, if it is to be symmetric, up to its end.
  private static func window(_ type: String, _ factors: [Double]) -> Operator {
    Operator(type, .other, makes: .by(named)) { call in
      let count = try call.constant(0)?.integers.first ?? 0
      try call.require(count >= 0, "\(count) samples")
      let shape = try call.shape([count])
      let isPeriodic = call.node.int("periodic", default: 1) != 0
      let period = Double(max(1, isPeriodic ? count : count - 1))
      return Variable(
        Tensor(
          shape,
          (0..<count).map { sample in
            let waves = factors.enumerated().dropFirst().map { order, factor in
              factor * cos(2 * .pi * Double(order * sample) / period)
            }
            return Float(factors[0] - waves.reduce(0, +))
          }))
    }
  }

  /// Triangles that gather frequencies into bands as far apart as they sound.
  private static func melWeights(_ call: TapeCall) throws -> Variable {
    let numbers = try (0..<5).map { position -> Double in
      guard let number = try call.scalar(position), number.isFinite else {
        throw call.invalid("input \(position) is missing")
      }
      return Double(number)
    }
    let (rate, low, high) = (numbers[2], numbers[3], numbers[4])
    try call.require(
      (1...1e6).contains(numbers[0]) && (1...1e9).contains(numbers[1]) && rate > 0 && low >= 0
        && high > low, "bands, length, rate and edges of \(numbers)")
    let (bands, bins) = (Int(numbers[0]), Int(numbers[1]) / 2 + 1)
    let shape = try call.shape([bins, bands])
    func mel(_ frequency: Double) -> Double { 2595 * log10(1 + frequency / 700) }
    let step = (mel(high) - mel(low)) / Double(bands + 2)
    let edges = (0..<bands + 2).map { band in
      let frequency = 700 * (pow(10, (mel(low) + Double(band) * step) / 2595) - 1)
      return (Double(Int(numbers[1]) + 1) * frequency / rate).rounded(.down)
    }
    return Variable(
      Tensor(
        shape,
        (0..<bins * bands).map { place in
          let (bin, band) = (Double(place / bands), place % bands)
          let (start, middle, end) = (edges[band], edges[band + 1], edges[band + 2])
          if bin == middle { return 1 }
          if bin < middle { return Float(max(0, (bin - start) / (middle - start))) }
          return end > middle ? Float(max(0, (end - bin) / (end - middle))) : 0
        }))
  }
}
