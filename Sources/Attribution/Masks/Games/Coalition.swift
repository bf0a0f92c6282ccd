import Tensors

/// Some of a picture's parts: those that are shown while the others lie at the baseline.
public struct Coalition: Sendable, Hashable {
  /// Whether each part is shown.
  public var isShown: [Bool]

  /// Creates a coalition.
  ///
  /// - Parameter isShown: Whether each part is shown.
  public init(_ isShown: [Bool]) { self.isShown = isShown }

  /// The coalition of a number: part `i` is shown where bit `i` is 1.
  public init(number: Int, parts: Int) { isShown = (0..<parts).map { number >> $0 & 1 == 1 } }

  /// How many parts are shown.
  public var size: Int { isShown.count { $0 } }

  /// The parts that are not shown.
  public var complement: Coalition { Coalition(isShown.map { !$0 }) }

  /// The coalition as numbers, 1 for what is shown.
  var numbers: [Double] { isShown.map { $0 ? 1 : 0 } }
}

extension Coalition {
  /// A coalition of a size, each equally likely.
  static func drawn(
    size: Int, of parts: Int, using random: inout SplitMix64
  ) -> Coalition {
    var isShown = [Bool](repeating: false, count: parts)
    for part in (0..<parts).shuffled(using: &random).prefix(size) { isShown[part] = true }
    return Coalition(isShown)
  }
}

extension SplitMix64 {
  /// The generator for one of many draws, whatever was drawn before: what is drawn once can be drawn again
  /// instead of being kept.
  init(seed: UInt64, draw: Int) {
    var seeds = SplitMix64(seed: seed ^ (UInt64(bitPattern: Int64(draw)) &* 0xD1B5_4A32_D192_ED03))
    self.init(seed: seeds.next())
  }

  /// A number in 0..<1.
  mutating func uniform() -> Double { Double(next() >> 11) * 0x1p-53 }
}
