import FeatureVisualization

extension Objective {
  /// What a network sees of one class and not of another: the difference of their logits, `10 d / √(100 + d²)`, so that
  /// what is far above counts no more.
  ///
  /// - Parameters:
  ///   - first: The class to look for.
  ///   - second: The class to avoid.
  /// - Returns: The objective, in −10…10.
  static func contrast(between first: Int, and second: Int) -> Objective {
    let readings = [first, second].map { Reading(.logits, channels: [$0]) }
    return Objective("logit \(first) against \(second)", reading: readings) { evaluation in
      let (a, b) = (evaluation[readings[0]], evaluation[readings[1]])
      let difference = (a - b).sum()
      return 10 * difference / sqrt(100 + square(difference))
    }
  }
}
