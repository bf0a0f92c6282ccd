public import Foundation

extension MethodEvaluation {
  /// The rule, the ranking, the measures and the entries as JSON.
  ///
  /// - Parameter facts: What else is to be told, by its name: the model, the seed.
  /// - Returns: UTF-8.
  /// - Throws: Where a number is not finite.
  public func json(facts: [String: String] = [:]) throws -> Data {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    return try encoder.encode(Document(self, facts: facts))
  }

  fileprivate struct Document: Encodable {
    struct Place: Encodable {
      let method: String
      let mean_rank: Double?
      let does_not_notice: [String]
      let same_as: String?
    }
    struct Column: Encodable {
      let measure: String
      let summary: String
      let better: String
      let ranks: Bool
    }
    struct Line: Encodable {
      var picture: String?
      var unit: String?
      let method: String
      let measure: String
      var value: Double?
      var standard_error: Double?
      var parts: [Double]?
      var kept: Int?
      var of: Int?
      var absent: String?
    }

    let facts: [String: String]
    let rule: String
    let ranking: [Place]
    let measures: [Column]
    let means: [Line]
    let entries: [Line]

    init(_ evaluation: MethodEvaluation, facts: [String: String]) {
      self.facts = facts
      rule = MethodEvaluation.rule
      ranking = evaluation.ranking.map {
        Place(
          method: $0.method, mean_rank: $0.mean, does_not_notice: $0.blindTo,
          same_as: evaluation.plainer[$0.method])
      }
      measures = evaluation.measures.map {
        Column(measure: $0.name, summary: $0.summary, better: "\($0.better)", ranks: $0.ranks)
      }
      means = evaluation.methods.flatMap { method in
        evaluation.measures.compactMap { measure in
          evaluation.mean(method, measure).map { Line(method, measure.name, $0) }
        }
      }
      entries = evaluation.entries.map { entry in
        var line: Line
        switch entry.result {
        case .success(let found): line = Line(entry.method, entry.measure, found)
        case .failure(let error):
          line = Line(method: entry.method, measure: entry.measure, absent: "\(error)")
        }
        (line.picture, line.unit) = (entry.picture, entry.unit)
        return line
      }
    }
  }
}

extension MethodEvaluation.Document.Line {
  fileprivate init(_ method: String, _ measure: String, _ found: Measurement) {
    self.init(
      method: method, measure: measure, value: found.value, standard_error: found.standardError,
      parts: found.parts.isEmpty ? nil : found.parts, kept: found.counted?.kept,
      of: found.counted?.total)
  }
}
