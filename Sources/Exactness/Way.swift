/// How a value came about, as far as the input had a part in it: what the walk backwards goes along.
package final class Way {
  /// What a gradient with respect to the value makes of the gradient with respect to one that it was made of.
  typealias Pullback = (_ cotangent: [Double]) -> [Double]

  /// One more than that of all that it was made of.
  let rank: Int
  /// The number of scalars of the value.
  package let count: Int
  private var sources: [(way: Way, pullback: Pullback)]

  init(count: Int, sources: [(way: Way, pullback: Pullback)] = []) {
    (self.count, self.sources) = (count, sources)
    rank = 1 + (sources.map(\.way.rank).max() ?? 0)
    Room.current?.take(scalars: count)
  }

  /// Lets go of long ways link by link: each within the one before would need more stack than there is.
  deinit {
    var links = sources
    sources = []
    while var link = links.popLast() {
      guard isKnownUniquelyReferenced(&link.way) else { continue }
      links += link.way.sources
      link.way.sources = []
    }
  }

  /// Gradients carried back to the input.
  ///
  /// - Parameters:
  ///   - cotangents: One a value, row by row.
  ///   - input: What they are carried to.
  ///   - rounds: Whether gradients are rounded down to single precision on their way.
  ///   - progress: Told how many of how many steps are done.
  /// - Returns: The gradient with respect to the input; zeros where nothing depends on it.
  package static func gradient(
    _ cotangents: [(way: Way, cotangent: [Double])], to input: Way,
    rounds: Bool = false,
    progress: (_ done: Int, _ of: Int) -> Void = { _, _ in }
  ) -> [Double] {
    var gradients: [ObjectIdentifier: [Double]] = [:]
    func add(_ cotangent: [Double], to way: Way) {
      precondition(cotangent.count == way.count, "Way: \(cotangent.count) for \(way.count)")
      guard let there = gradients.removeValue(forKey: ObjectIdentifier(way)) else {
        return gradients[ObjectIdentifier(way)] = cotangent
      }
      gradients[ObjectIdentifier(way)] = filled(there.count) { there[$0] + cotangent[$0] }
    }
    var seen = Set<ObjectIdentifier>()
    var all: [Way] = []
    var waiting = cotangents.map(\.way)
    while let way = waiting.popLast() {
      guard seen.insert(ObjectIdentifier(way)).inserted else { continue }
      all.append(way)
      waiting += way.sources.map(\.way)
    }
    for (way, cotangent) in cotangents { add(cotangent, to: way) }
    all.sort { $0.rank > $1.rank }
    for (done, way) in all.enumerated() where way !== input {
      guard var g = gradients.removeValue(forKey: ObjectIdentifier(way)) else { continue }
      if rounds { g = g.roundedDown }
      for source in way.sources { add(source.pullback(g), to: source.way) }
      progress(done + 1, all.count)
    }
    return gradients[ObjectIdentifier(input)] ?? [Double](repeating: 0, count: input.count)
  }
}
