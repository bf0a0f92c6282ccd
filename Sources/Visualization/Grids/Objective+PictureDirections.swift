import Autodiff
import Networks
import Objectives
import Tensors

extension Objective {
  /// A direction for each picture of a batch, at the middle of a layer: `directionNeuron(_:_:y:x:cosinePower:)`
  /// for each, added up.
  ///
  /// - Parameters:
  ///   - layer: The layer's name.
  ///   - vectors: One number a channel, for each picture.
  ///   - cosinePower: The power of the cosine.
  /// - Returns: The objective.
  static func directions(
    _ layer: String, _ vectors: [[Float]], cosinePower: Float
  ) -> Objective {
    let parts = vectors.enumerated().map { index, vector in
      Objective.directionNeuron(layer, vector, cosinePower: cosinePower).picture(index)
    }
    return Objective("directions(\(layer))", reading: parts.flatMap(\.readings)) { evaluation in
      try parts.dropFirst().reduce(try parts[0].value(evaluation)) { try $0 + $1.value(evaluation) }
    }
  }
}
