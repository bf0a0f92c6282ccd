/// What a network chose where its derivative jumps: which rectifiers are on, which of a window is the largest.
///
/// In single precision a rectifier whose input is 0 but for rounding may be off that is on in double, and with it a part
/// of the gradient comes or goes. So choices can be made on the values that somebody else computed, and
/// those that come out otherwise are counted.
package final class Decisions {
  /// Values that somebody else computed, by their names.
  private let others: [String: [Float]]
  /// Whether the others' choices are taken.
  private let follows: Bool
  /// How many choices there were, and how many of them came out otherwise on the others' values.
  package private(set) var (made, different) = (0, 0)
  /// The nodes where some came out otherwise, in order.
  package private(set) var differing: [(node: String, count: Int, of: Int)] = []

  /// Creates an empty count.
  ///
  /// - Parameters:
  ///   - others: Values that somebody else computed, by their names, row by row.
  ///   - follows: Whether their choices are taken.
  package init(others: [String: [Float]] = [:], follows: Bool = false) {
    (self.others, self.follows) = (others, follows)
  }

  /// A choice for each of some elements.
  ///
  /// - Parameters:
  ///   - values: What it is made on, by name.
  ///   - node: Whose it is.
  ///   - rule: Makes the choices.
  /// - Returns: The choices that hold.
  func choose(
    on values: [(name: String, scalars: [Double])], by node: String,
    _ rule: ([[Double]]) -> [Int32]
  ) -> [Int32] {
    let own = rule(values.map(\.scalars))
    made += own.count
    let given = values.map { name, scalars -> [Double]? in
      guard let other = others[name], other.count == scalars.count else { return nil }
      return other.map(Double.init)
    }
    guard given.contains(where: { $0 != nil }) else { return own }
    let theirs = rule(zip(given, values).map { $0 ?? $1.scalars })
    let count = zip(own, theirs).reduce(0) { $0 + ($1.0 == $1.1 ? 0 : 1) }
    if count > 0 {
      different += count
      differing.append((node, count, own.count))
    }
    return follows ? theirs : own
  }
}
