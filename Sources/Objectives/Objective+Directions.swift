import Autodiff
public import Networks
import Tensors

extension Objective {
  /// The inner product with a direction in the space of channels, times a power of the cosine.
  ///
  /// `mean(⟨x, v⟩ max(0.1, cos)ᵖ)` over batch and positions, `cos = ⟨x, v⟩ / ((ε + |x|)(ε + |v|))`,
  /// ε = 10⁻⁴. Source: lucid `direction`.
  ///
  /// - Parameters:
  ///   - layer: The layer's name.
  ///   - vector: One number a channel.
  ///   - cosinePower: p; 0 looks for large activations, 2 or 4 for such along the direction and no other.
  /// - Returns: The objective.
  public static func direction(
    _ layer: String, _ vector: [Float], cosinePower: Float = 0
  ) -> Objective {
    let reading = Reading(layer, as: .channelsFirst)
    return Objective("\(layer)→direction", reading: [reading]) {
      try alignedMean($0[reading], vector, cosinePower, layer)
    }
  }

  /// `direction(_:_:cosinePower:)` at one position.
  ///
  /// - Parameters:
  ///   - layer: The layer's name.
  ///   - vector: One number a channel.
  ///   - y: The row; nil: half the height, rounded down.
  ///   - x: The column; nil: half the width, rounded down.
  ///   - cosinePower: The power of the cosine.
  /// - Returns: The objective.
  public static func directionNeuron(
    _ layer: String, _ vector: [Float], y: Int? = nil, x: Int? = nil, cosinePower: Float = 0
  ) -> Objective {
    let reading = Reading(layer, as: .position(row: y, column: x))
    return Objective("\(layer)→direction@", reading: [reading]) {
      try alignedMean($0[reading], vector, cosinePower, layer)
    }
  }

  /// The mean cosine of the angle with a direction in the space of channels.
  ///
  /// Source: lucent `direction`.
  public static func cosine(_ layer: String, _ vector: [Float]) -> Objective {
    let reading = Reading(layer, as: .channelsFirst)
    return Objective("cos(\(layer), direction)", reading: [reading]) {
      let (inner, lengths, length) = try product($0[reading], vector, layer)
      return (inner / (lengths * length)).mean()
    }
  }

  /// The cosine of the angle between an embedding and a direction; of several positions, their mean is the embedding.
  ///
  /// - Parameters:
  ///   - embedding: What is read, N×C or N×C×T.
  ///   - vector: The direction, C numbers.
  /// - Returns: The objective, −1…1.
  public static func cosine(_ embedding: Reading, _ vector: [Float]) -> Objective {
    Objective("cos(\(embedding.title), direction)", reading: [embedding]) { evaluation in
      var numbers = evaluation[embedding]
      let axes = Array(numbers.shape.dimensions.indices.dropFirst(2))
      if !axes.isEmpty {
        let places = numbers.shape.dimensions.dropFirst(2).reduce(1, *)
        numbers = numbers.sum(alongAxes: axes) / Float(places)
      }
      let (inner, lengths, length) = try product(numbers, vector, embedding.title)
      return (inner / (lengths * length)).mean()
    }
  }

  private static func alignedMean(
    _ activations: Variable, _ vector: [Float], _ cosinePower: Float, _ layer: String
  ) throws -> Variable {
    let (inner, lengths, length) = try product(activations, vector, layer)
    if cosinePower == 0 { return inner.mean() }
    let epsilon: Float = 1e-4
    let cosine = inner / ((lengths + epsilon) * (length + epsilon))
    let floored = max(Variable(0.1), cosine)
    return (inner * pow(floored, cosinePower)).mean()
  }

  /// Inner products and lengths at every position.
  private static func product(
    _ activations: Variable, _ vector: [Float], _ layer: String
  ) throws -> (inner: Variable, lengths: Variable, length: Float) {
    guard vector.count == activations.shape[1] else {
      throw ObjectiveError.direction(
        layer: layer, count: vector.count, channels: activations.shape[1])
    }
    let ones = [Int](repeating: 1, count: activations.shape.rank - 2)
    let direction = Tensor(Shape([vector.count] + ones), vector)
    // The square root's derivative stays finite where all channels are 0, as often after ReLU.
    let lengths = sqrt(square(activations).sum(alongAxes: [1]) + 1e-16)
    return ((activations * Variable(direction)).sum(alongAxes: [1]), lengths, direction.norm)
  }
}
