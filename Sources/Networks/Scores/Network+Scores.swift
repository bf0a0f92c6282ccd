import Graphs
import Plans
public import Tensors

extension Network {
  /// Where a detector or a segmenter scores its classes.
  ///
  /// From its results on, what only arranges numbers is gone back through, to the sigmoid or the softmax that
  /// makes probabilities of scores; where there is none, a result itself may be scores, or a part of what it is joined
  /// of. All scales are found together.
  ///
  /// - Parameter shapes: What `shapes(inputShape:)` returned.
  /// - Returns: nil where the network has logits, or nothing of the kind.
  public func classScores(in shapes: [String: Shape]) -> ClassScores? {
    guard logits(in: shapes) == nil else { return nil }
    return ScoreFinder(self, shapes).scores()
  }

  /// The unit of a class: its logit, or its score.
  package func classUnit(_ index: Int, in shapes: [String: Shape]) -> NetworkUnit {
    let logits = logits(in: shapes)
    if logits == nil, let scores = classScores(in: shapes) {
      return unit(.score(index, of: scores, places: nil), of: .classes)
    }
    return unit(.logit(index), of: logits?.kind)
  }

  /// What an output is made of, past what only chooses the largest.
  package func logitsOf(_ output: String) -> String {
    graph.outputs.firstIndex(of: output).map { logitsValue(output: $0) } ?? output
  }
}
