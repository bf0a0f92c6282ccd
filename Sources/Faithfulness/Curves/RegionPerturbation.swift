public import Attribution
public import Tensors

/// How the scalar falls when squares of the picture are covered in the order of what a map says of them
/// together.
///
/// The fall from the whole picture is region perturbation (AOPC is its mean), the scalar itself selectivity.
///
/// Source: Samek et al., "Evaluating the Visualization of What a Deep Neural Network Has Learned", IEEE
/// Transactions on Neural Networks and Learning Systems 28, 2017; Montavon, Samek and Müller, "Methods for
/// Interpreting and Understanding Deep Neural Networks", 2018.
public struct RegionPerturbation: Sendable {
  /// Which squares go first.
  public enum Order: Sendable, Hashable {
    /// The most relevant.
    case mostRelevantFirst
    /// The least relevant.
    case leastRelevantFirst
  }

  /// The side of a square in pixels; it is cut off at the right and lower border.
  public var side: Int
  /// Which squares go first.
  public var order: Order

  /// Creates the measure.
  ///
  /// - Parameters:
  ///   - side: The side of a square in pixels, at least 1.
  ///   - order: Which squares go first.
  public init(side: Int = 8, order: Order = .mostRelevantFirst) {
    precondition(side >= 1, "RegionPerturbation: squares of \(side) pixels")
    (self.side, self.order) = (side, order)
  }

  /// The scalar from the whole picture to a covered one.
  ///
  /// - Parameters:
  ///   - explained: The scalar; Quantus takes the unit's probability.
  ///   - picture: 1×C×H×W.
  ///   - map: H×W.
  ///   - cover: What a square is covered with; Quantus takes the picture's minimum.
  /// - Returns: The curve.
  /// - Throws: As `Explained.values(of:)`.
  public func curve(
    of explained: Explained, at picture: Tensor, map: Tensor, cover: Float
  ) throws -> Curve {
    let values = map.scalars
    let squares = squares(height: picture.shape[2], width: picture.shape[3])
    let sums = squares.map { $0.reduce(0.0) { $0 + Double(values[$1]) } }
    let sign = order == .mostRelevantFirst ? 1.0 : -1.0
    let ranked = squares.indices.sorted { (sign * sums[$1], $0) < (sign * sums[$0], $1) }
    let plane = values.count
    return try explained.replacing(
      from: picture, by: Tensor(picture.shape, repeating: cover),
      in: ranked.map { square in
        (0..<picture.shape[1]).flatMap { c in squares[square].map { c * plane + $0 } }
      })
  }

  /// The pixels of each square.
  private func squares(height: Int, width: Int) -> [[Int]] {
    stride(from: 0, to: height, by: side).flatMap { top in
      stride(from: 0, to: width, by: side).map { left in
        (top..<min(top + side, height)).flatMap { row in
          (left..<min(left + side, width)).map { row * width + $0 }
        }
      }
    }
  }
}

extension Curve {
  /// How far the scalar has fallen at each step, the start left out.
  public var falls: [Double] { values.dropFirst().map { (values.first ?? 0) - $0 } }
}
