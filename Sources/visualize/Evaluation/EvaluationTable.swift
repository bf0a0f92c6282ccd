import Faithfulness
import Visualization

/// An evaluation as text, 80 columns wide: methods as rows, the best first, measures as columns, seven at a
/// time.
struct EvaluationTable {
  let evaluation: MethodEvaluation

  /// The measures that stand side by side.
  private static let columns = 7
  private static let methodWidth = 23

  /// The table, its legend and the rule.
  var text: String {
    let ranking = evaluation.ranking
    let measures = evaluation.measures
    let blocks = stride(from: 0, to: measures.count, by: Self.columns).map { first in
      block(
        ranking, Array(measures[first..<min(first + Self.columns, measures.count)]),
        ranked: first == 0)
    }
    return (blocks + [legend(ranking)]).joined(separator: "\n\n")
  }

  private func block(
    _ ranking: [MethodEvaluation.Rank], _ measures: [RegisteredMeasure], ranked: Bool
  ) -> String {
    let best = measures.map(best)
    var lines = [
      "method".padded(to: Self.methodWidth) + (ranked ? " rank" : "     ")
        + measures.map { ($0.heading + Self.arrow($0)).paddedOnLeft(to: 7) }.joined()
    ]
    for place in ranking {
      var line = place.method.padded(to: Self.methodWidth)
      line += (ranked ? place.mean?.fixed(1) ?? "–" : "").paddedOnLeft(to: 5)
      for (measure, best) in zip(measures, best) {
        let found = evaluation.mean(place.method, measure)
        let mark = found?.isBlind == true ? "!" : found.map { $0.value == best } == true ? "*" : " "
        line += (found.map { Self.number($0.value) } ?? "–").paddedOnLeft(to: 6) + mark
      }
      lines.append(line.trimmedAtEnd)
    }
    return lines.joined(separator: "\n")
  }

  /// The best mean of a column by which methods are ranked; nil where none is better than another.
  private func best(_ measure: RegisteredMeasure) -> Double? {
    let values = evaluation.methods.compactMap { evaluation.mean($0, measure)?.value }
    guard values.count > 1, measure.ranks else { return nil }
    return measure.better == .higher ? values.max() : values.min()
  }

  private func legend(_ ranking: [MethodEvaluation.Rank]) -> String {
    var lines = [
      "↑ more is better, ↓ less; * the best"
        + (evaluation.pictures.count > 1 ? "; means over pictures" : "")
        + ". "
        + MethodEvaluation.rule
    ]
    let ranking = ranking.filter { !$0.blindTo.isEmpty }
    if !ranking.isEmpty {
      lines.append(
        "! hardly changes with \(Self.checks(ranking)), so it does not explain the network: "
          + ranking.map(\.method).joined(separator: ", ") + ".")
    }
    if let consistency = evaluation.measures.first(where: { $0.name == "consistency" }) {
      let counted = evaluation.methods.compactMap { evaluation.mean($0, consistency)?.counted }
      if let most = counted.max(by: { $0.total < $1.total }) {
        lines.append(
          "cons: \(most.kept) of \(most.total) changed pictures kept their prediction.")
      }
    }
    if let likeness = evaluation.likeness { lines.append(likeness) }
    return lines.map { $0.wrapped(at: 79) }.joined(separator: "\n")
  }

  /// What the methods that are marked do not notice.
  private static func checks(_ ranking: [MethodEvaluation.Rank]) -> String {
    let names = Set(ranking.flatMap(\.blindTo))
    return RegisteredMeasure.all.map(\.name).filter(names.contains)
      .map { $0.replacing("-", with: " ") }.joined(separator: " or ")
  }

  private static func arrow(_ measure: RegisteredMeasure) -> String {
    switch measure.better {
    case .higher: "↑"
    case .lower: "↓"
    case .neither: " "
    }
  }

  /// At most six characters: `0.123`, `-12.3`.
  static func number(_ value: Double) -> String {
    let size = abs(value)
    if size < 10 { return value.fixed(3) }
    if size < 100 { return value.fixed(2) }
    if size < 1000 { return value.fixed(1) }
    return size < 99_999.5 ? value.fixed(0) : value > 0 ? "> 1e5" : "< -1e5"
  }
}

extension String {
  /// The text without spaces at its end.
  fileprivate var trimmedAtEnd: String {
    String(reversed().drop { $0 == " " }.reversed())
  }
}
