public import Tensors

/// The direction of a layer in which pictures of a concept differ from others (CAV), and how a unit depends on it.
///
/// The direction is that of the weights of a logistic regression between what the layer shows of both. A picture's
/// derivative of the unit along it says whether more of the concept would raise the unit; the share of a class's
/// pictures where it would is the TCAV score.
///
/// Source: Kim et al., "Interpretability Beyond Feature Attribution: Quantitative Testing with Concept Activation
/// Vectors", ICML 2018.
public struct ConceptActivationVector: Sendable {
  /// What of a layer counts.
  public enum Features: Sendable, Hashable {
    /// Every channel at every position.
    case all
    /// The mean of each channel.
    case channels
  }

  /// What of the layer counts.
  public let features: Features
  /// The boundary between pictures of the concept, on its positive side, and others.
  public let boundary: LogisticRegression
  /// The share of the pictures that are on their own side.
  public let accuracy: Double

  /// The boundary's normal, of length 1: a number a channel and position, or a channel.
  public var direction: [Double] {
    let length = boundary.weights.reduce(0) { $0 + $1 * $1 }.squareRoot()
    return boundary.weights.map { length == 0 ? 0 : $0 / length }
  }

  /// Finds the direction.
  ///
  /// - Parameters:
  ///   - concept: What the layer shows of pictures of the concept, N×C×h×w.
  ///   - others: The same of other pictures.
  ///   - features: What of it counts.
  ///   - strength: How much a picture counts beside the weights' length.
  public init(
    of concept: Tensor, against others: Tensor, features: Features = .channels, strength: Double = 1
  ) {
    let all = Self.rows(Tensor.concatenate([concept, others]), features)
    let isFirst = (0..<all.rows).map { $0 < concept.shape[0] }
    let boundary = LogisticRegression(all, isFirst: isFirst, strength: strength)
    (self.features, self.boundary) = (features, boundary)
    let right = (0..<all.rows).count { row in
      let own = all.numbers[row * all.columns..<(row + 1) * all.columns]
      return (boundary.side(own) > 0) == isFirst[row]
    }
    accuracy = Double(right) / Double(all.rows)
  }

  /// How the objective rises along the direction, at each picture.
  ///
  /// - Parameters:
  ///   - explained: The objective.
  ///   - layer: The layer that the direction is of; it has positions.
  ///   - pictures: N×C×H×W.
  /// - Returns: N numbers.
  /// - Throws: `NetworkError`; `AttributionError.unconnected`, `.noPositions`.
  public func derivatives(
    of explained: Explained, through layer: String, at pictures: Tensor
  ) throws -> [Double] {
    let gradient = try explained.response(of: layer, at: pictures).gradient
    // A mean of a channel rises by as much as all its positions do together.
    let positions = features == .all ? 1 : Double(gradient.shape[2] * gradient.shape[3])
    let rows = Self.rows(gradient, features)
    let direction = PositionTable(rows: rows.columns, columns: 1, numbers: direction)
    return rows.times(direction).numbers.map { $0 * positions }
  }

  /// The share of derivatives that are positive: the TCAV score.
  public static func score(of derivatives: [Double]) -> Double {
    Double(derivatives.count { $0 > 0 }) / Double(max(derivatives.count, 1))
  }

  private static func rows(_ activation: Tensor, _ features: Features) -> PositionTable {
    let (count, channels) = (activation.shape[0], activation.shape[1])
    let all = activation.scalars.map(Double.init)
    guard features == .channels else {
      return PositionTable(rows: count, columns: all.count / max(count, 1), numbers: all)
    }
    let plane = activation.shape[2] * activation.shape[3]
    return PositionTable(
      rows: count, columns: channels,
      numbers: (0..<count * channels).map { place in
        all[place * plane..<(place + 1) * plane].reduce(0, +) / Double(plane)
      })
  }
}
