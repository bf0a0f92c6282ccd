/// How a picture is cut up into parts that are there or not as a whole.
public enum Parts: Sendable, Hashable, CustomStringConvertible {
  /// Rectangles of equal size, up to a pixel.
  case grid(rows: Int, columns: Int)
  /// So many regions of similar colour and similar size: SLIC; of a signal so many stretches of equal length.
  case superpixels(Int)
  /// Regions that differ at their borders by more than within; `scale` prefers larger ones.
  case felzenszwalb(scale: Float = 100)
  /// The parts that are given.
  case given(Partition)

  /// The parts of a name that people type: `grid:7x7` (columns × rows), `superpixels:50`,
  /// `felzenszwalb`, `felzenszwalb:100`; numbers may be left out.
  ///
  /// - Throws: `AttributionError.unknownParts`.
  public init(named text: String) throws {
    let words = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
    let number = words.count > 1 ? String(words[1]) : nil
    let parts: Parts? =
      switch words.first {
      case "grid": Self.grid(number ?? "7x7")
      case "superpixels": Int(number ?? "50").flatMap { $0 >= 2 ? .superpixels($0) : nil }
      case "felzenszwalb":
        Float(number ?? "100").flatMap { $0 > 0 && $0.isFinite ? .felzenszwalb(scale: $0) : nil }
      default: nil
      }
    guard let parts else { throw AttributionError.unknownParts(text) }
    self = parts
  }

  private static func grid(_ text: String) -> Parts? {
    let numbers = text.split(separator: "x", omittingEmptySubsequences: false).map { Int($0) }
    guard numbers.count == 2, let columns = numbers[0], let rows = numbers[1],
      (1...1000).contains(columns), (1...1000).contains(rows), columns * rows >= 2
    else { return nil }
    return .grid(rows: rows, columns: columns)
  }

  /// Whether they follow from colours in the plane, which a signal has not.
  var isOfColors: Bool { if case .felzenszwalb = self { true } else { false } }

  /// The name that makes it: `grid:7x7`.
  public var description: String {
    switch self {
    case .grid(let rows, let columns): "grid:\(columns)x\(rows)"
    case .superpixels(let count): "superpixels:\(count)"
    case .felzenszwalb(let scale): "felzenszwalb:\(scale)"
    case .given(let partition): "\(partition.count) given parts"
    }
  }
}
