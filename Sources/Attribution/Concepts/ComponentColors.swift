import Foundation
public import Tensors

/// A layer's positions in the colours of their first three principal components.
///
/// The first component of all positions parts the picture: foreground is the side that has less of the picture's
/// edge. The components of the foreground alone, each over its deviation, are red, green and blue, `sigmoid(2z)`;
/// the rest is black.
///
/// Source: Oquab et al., "DINOv2", 2023, section 7.6; colours as of Siméoni et al., "DINOv3", 2025.
public struct ComponentColors: Sendable {
  /// 1×3×h×w in 0…1.
  public let picture: Tensor
  /// Which positions are foreground, row by row.
  public let foreground: [Bool]
  /// The share of the foreground's variance that each component has, 0…1.
  public let shares: [Double]

  /// Why there are no colours.
  public enum Failure: Error, CustomStringConvertible {
    /// Fewer positions or channels than components.
    case few(positions: Int, channels: Int)
    /// All positions are alike.
    case even

    /// What is wrong, and what to do.
    public var description: String {
      switch self {
      case .few(let positions, let channels):
        "three components need 4 positions and 3 channels at least, not \(positions) and \(channels); take "
          + "another layer"
      case .even:
        "all positions of the layer are alike, so that it has no components; take another layer or picture"
      }
    }
  }

  /// Finds the components.
  ///
  /// - Parameters:
  ///   - activation: What the layer yields for a picture, 1×C×h×w; of tokens, those that stand for a patch.
  ///   - masks: Whether what is not foreground is left out; else all positions are coloured.
  /// - Throws: `Failure`.
  public init(_ activation: Tensor, masks: Bool = true) throws {
    precondition(
      activation.shape.rank == 4 && activation.shape[0] == 1,
      "ComponentColors: an activation of \(activation.shape)")
    let table = PositionTable(activation)
    let (height, width) = (activation.shape[2], activation.shape[3])
    guard table.rows >= 4, table.columns >= 3 else {
      throw Failure.few(positions: table.rows, channels: table.columns)
    }
    var isForeground = [Bool](repeating: true, count: table.rows)
    if masks {
      let first = PrincipalComponents(of: table, count: 1)
      guard first.variances[0] > 0 else { throw Failure.even }
      let scores = first.scores(of: table).numbers
      isForeground = Self.side(scores.map { $0 > 0 }, width: width, height: height)
    }
    let places = isForeground.indices.filter { isForeground[$0] }
    guard places.count >= 4 else {
      throw Failure.few(positions: places.count, channels: table.columns)
    }
    let part = table.rows(places)
    let components = PrincipalComponents(of: part, count: 3)
    let total = part.variance
    guard total > 0 else { throw Failure.even }
    let scores = components.scores(of: part)
    var colors = [Float](repeating: 0, count: 3 * table.rows)
    for (row, place) in places.enumerated() {
      for component in 0..<3 {
        let deviation = components.variances[component].squareRoot()
        let z = deviation > 0 ? scores[row, component] / deviation : 0
        colors[component * table.rows + place] = Float(1 / (1 + exp(-2 * z)))
      }
    }
    picture = Tensor([1, 3, height, width], colors)
    foreground = isForeground
    shares = components.variances.map { $0 / total }
  }

  /// The side that has the smaller share of the positions at the edge; where both have as many, the first.
  private static func side(_ isAbove: [Bool], width: Int, height: Int) -> [Bool] {
    let edge = isAbove.indices.filter { place in
      let (x, y) = (place % width, place / width)
      return x == 0 || y == 0 || x == width - 1 || y == height - 1
    }
    let all = Double(isAbove.count { $0 })
    let inside = Double(edge.count { isAbove[$0] })
    // What share of each side lies at the edge.
    let above = inside / max(all, 1)
    let below = (Double(edge.count) - inside) / max(Double(isAbove.count) - all, 1)
    return above <= below ? isAbove : isAbove.map { !$0 }
  }
}

extension PositionTable {
  /// Some rows, in the order wanted.
  fileprivate func rows(_ places: [Int]) -> PositionTable {
    PositionTable(
      rows: places.count, columns: columns,
      numbers: places.flatMap { numbers[$0 * columns..<($0 + 1) * columns] })
  }

  /// The sum of all columns' variances, over the number of rows less 1.
  fileprivate var variance: Double {
    (0..<columns).reduce(0) { sum, column in
      let mean = (0..<rows).reduce(0) { $0 + self[$1, column] } / Double(rows)
      return sum
        + (0..<rows).reduce(0) { $0 + (self[$1, column] - mean) * (self[$1, column] - mean) }
        / Double(max(rows - 1, 1))
    }
  }
}
