public import Tensors

/// The pixels of a picture by what a map says of them, the greatest first.
///
/// Equal ones stand in an order drawn at random: by their places, the upper half of a map's zeros would always
/// go first.
public struct PixelOrder: Sendable {
  /// The pixels, `row · width + column`; of a volume its slices one after the other.
  public let pixels: [Int]

  /// Ranks a map.
  ///
  /// - Parameters:
  ///   - map: H×W; of a volume D×H×W.
  ///   - seed: What the order of equal pixels follows from.
  public init(_ map: Tensor, seed: UInt64 = 0) {
    let values = map.scalars
    var random = SplitMix64(seed: seed)
    let keys = values.map { _ in random.next() }
    pixels = values.indices.sorted { (values[$1], keys[$0]) < (values[$0], keys[$1]) }
  }

  /// The pixels in groups, each with its elements in every channel.
  ///
  /// - Parameters:
  ///   - steps: How many go at a time.
  ///   - elements: Where a pixel's elements are.
  /// - Returns: Places of elements, one group a step.
  func groups(_ steps: PixelSteps, _ elements: (Int) -> [Int]) -> [[Int]] {
    let counts = steps.counts(of: pixels.count)
    return zip(counts, counts.dropFirst()).map { from, to in
      pixels[from..<to].flatMap(elements)
    }
  }
}

/// How many pixels are changed at a time.
public enum PixelSteps: Sendable, Hashable {
  /// The same number at every step, the last may be smaller; RISE: one row's.
  case pixels(Int)
  /// So many steps, as equal as they can be; xplique: 10.
  case equal(Int)

  /// How many pixels are changed before each step and after the last.
  func counts(of pixels: Int) -> [Int] {
    switch self {
    case .pixels(let each):
      Array(stride(from: 0, to: pixels, by: max(each, 1))) + [pixels]
    case .equal(let count):
      (0...max(min(count, pixels), 1)).map { $0 * pixels / max(min(count, pixels), 1) }
    }
  }
}
