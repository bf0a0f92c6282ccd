import FeatureVisualization

extension Objective {
  /// What a network sees of one class and not of another: the difference of their logits, over their spread.
  ///
  /// - Parameters:
  ///   - first: The class to look for.
  ///   - second: The class to avoid.
  /// - Returns: The objective, below 1.
  static func contrast(between first: Int, and second: Int) -> Objective {
    let readings = [first, second].map { Reading(.logits, channels: [$0]) }
    return Objective("logit \(first) against \(second)", reading: readings) { evaluation in
      let (a, b) = (evaluation[readings[0]], evaluation[readings[1]])
      let difference = (a - b).sum()
      return difference / sqrt(1 + square(difference))
    }
  }
}
