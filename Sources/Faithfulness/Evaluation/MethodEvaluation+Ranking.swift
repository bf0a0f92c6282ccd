extension MethodEvaluation {
  /// A method's place.
  public struct Rank: Sendable, Hashable {
    /// The method.
    public let method: String
    /// The mean of its ranks, 1 for the best; `nil` where no measure ranks it.
    public let mean: Double?
    /// The sanity checks that it fails.
    public let blindTo: [String]
  }

  /// The rule in a sentence.
  public static let rule =
    "Methods stand in the order of their mean rank, over pictures and the ranking measures; one that does "
    + "not notice random weights or another unit stands after all that do."

  /// The methods, the best first.
  ///
  /// For each picture and each measure that ranks, the methods are ranked, equal ones by the mean of their
  /// ranks, and a method's ranks are averaged. Ranks are brought to the number of all methods where some have no
  /// value.
  public var ranking: [Rank] {
    var ranks: [String: [Double]] = [:]
    for measure in measures where measure.ranks {
      for picture in pictures {
        let values = entries.compactMap { entry -> (method: String, value: Float)? in
          guard entry.picture == picture, entry.measure == measure.name,
            let value = try? entry.result.get().value
          else { return nil }
          return (entry.method, Float(measure.better == .higher ? -value : value))
        }
        guard values.count > 1 else { continue }
        let stretch = Double(methods.count - 1) / Double(values.count - 1)
        for (one, rank) in zip(values, averageRanks(values.map(\.value))) {
          ranks[one.method, default: []].append(1 + (rank - 1) * stretch)
        }
      }
    }
    let found = methods.map { method in
      let own = ranks[method] ?? []
      return Rank(
        method: method, mean: own.isEmpty ? nil : own.reduce(0, +) / Double(own.count),
        blindTo: measures.filter { mean(method, $0)?.isBlind == true }.map(\.name))
    }
    return found.enumerated().sorted { a, b in
      let (x, y) = (a.element, b.element)
      return (x.blindTo.isEmpty ? 0 : 1, x.mean ?? .infinity, a.offset)
        < (y.blindTo.isEmpty ? 0 : 1, y.mean ?? .infinity, b.offset)
    }.map(\.element)
  }
}
