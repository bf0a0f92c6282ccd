package import Tensors

/// How far rounding moves the values of a graph: what becomes of each where all numbers of every node are rounded down
/// to single precision, beside what it is.
///
/// A sum whose terms cancel is 0 but for rounding, and its size says nothing of the terms'; this does. What programs round
/// within nodes moves values further, Winograd's method most, so that so many times as much is allowed.
package struct RoundingNoise {
  /// How many times as far a value may lie off.
  private static let allowance = 30.0

  private var ofValues: [String: Double] = [:]
  /// How far the gradient may lie off.
  package private(set) var ofGradient = 0.0

  /// Nothing is known.
  package init() {}

  /// How far a value may lie off; 0 where nothing is known.
  package subscript(name: String) -> Double { ofValues[name] ?? 0 }

  /// Runs a graph twice, side by side: as it is, and with every node's numbers rounded down, where each choice is the
  /// former's.
  ///
  /// - Parameters:
  ///   - graph: The graph.
  ///   - x: The input.
  ///   - target: What the gradient is taken of, and the weights of its numbers, row by row.
  ///   - gradient: Its gradient.
  ///   - bytes: What the caller holds.
  ///   - progress: Told how many nodes are done.
  /// - Throws: As the graph's `run`.
  package init(
    _ graph: ExactGraph, at x: Tensor, of target: (value: String, weights: [Double]),
    gradient: [Double], beside bytes: Int, progress: (_ done: Int) -> Void
  ) throws {
    let log = Decisions.Log()
    let (still, moving) = (Exact(x), Exact(x).asInput)
    var exact = graph.state(still, Decisions(log, isRead: false))
    var rounded = graph.state(moving, Decisions(log, isRead: true))
    rounded.rounds = true
    var result: Way?
    var noise: [String: Double] = [:]
    try Room.$current.withValue(Room(beside: bytes)) {
      for place in graph.nodes.indices {
        try exact.run(place) { name, value in noise[name] = 0 }
        try rounded.run(place) { name, value in
          guard let own = exact.values[name]?.exact else { return }
          noise[name] = Self.between(value.scalars, own.scalars)
          if name == target.value { result = value.way }
        }
        progress(place + 1)
      }
    }
    ofValues = noise
    guard let result, let input = moving.way else { return }
    let other = Way.gradient([(result, target.weights)], to: input, rounds: true)
    ofGradient = Self.between(other, gradient)
  }

  private static func between(_ rounded: [Double], _ exact: [Double]) -> Double {
    allowance
      * zip(rounded, exact).reduce(0) { largest, pair in
        let distance = abs(pair.0 - pair.1)
        return distance.isFinite ? max(largest, distance) : largest
      }
  }
}
