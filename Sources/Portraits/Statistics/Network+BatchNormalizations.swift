public import Networks
public import Objectives
import Visualization

extension Network {
  /// What the file holds of the training pictures, at each batch normalization that has not been folded away.
  public var batchNormalizations: [BatchNormalizationStatistics] {
    graph.needed(for: graph.outputs).compactMap { node in
      guard node.type == "BatchNormalization", node.inputs.count >= 5,
        let mean = graph.constants[node.inputs[3]]?.tensor,
        let variance = graph.constants[node.inputs[4]]?.tensor
      else { return nil }
      return BatchNormalizationStatistics(value: node.inputs[0], mean: mean, variance: variance)
    }
  }

  /// How far pictures are from what the batch normalizations hold.
  ///
  /// - Throws: `BatchNormalizationError` where the file has none.
  func batchNormalizationDistance() throws -> Objective {
    let statistics = batchNormalizations
    guard !statistics.isEmpty else { throw BatchNormalizationError(file: path) }
    return .batchNormalization(statistics)
  }
}

/// A file without batch normalizations whose statistics could be matched.
public struct BatchNormalizationError: Error, Hashable, CustomStringConvertible {
  /// The network's file.
  public let file: String

  /// What is wrong and what to do.
  public var description: String {
    "\(file) holds no batch normalizations: either the network has none, or its exporter folded them into the "
      + "layers before them and their means and variances are gone. Statistics of a folder of pictures "
      + "(`\(Settings.like.key)`) do without"
  }
}
