/// What a network chose where its result or its derivative jumps: which rectifiers are on, which of a window is the
/// largest, to which whole number something is rounded.
///
/// In single precision a rectifier whose input is 0 but for rounding may be off that is on in double, and with it a part
/// of the gradient comes or goes. So choices can be made on the values that somebody else computed, and
/// those that come out otherwise are counted. They are taken only where the numbers that they hang on are the same but
/// for rounding: a wrong number excuses nothing.
package final class Decisions {
  /// The largest difference, over the largest number, of values that are the same but for rounding, as far as was seen.
  package static let rounding = 2e-5

  /// Choices of one run for another.
  final class Log {
    fileprivate var choices: [[Int32]] = []
    fileprivate var steps: [[Double]] = []
  }

  /// Values that somebody else computed, by their names.
  private let others: [String: [Float]]
  /// Whether the others' choices are taken.
  private let follows: Bool
  /// How far rounding moves values, where that is known.
  let noise: RoundingNoise
  /// Where choices are written, and whether they are read from there.
  private let log: (Log, isRead: Bool)?
  /// How many choices there were.
  package private(set) var made = 0
  /// How many of them the others made as well, and how many of these came out otherwise.
  package private(set) var (compared, different) = (0, 0)
  /// The nodes where some came out otherwise, in order.
  package private(set) var differing: [(node: String, count: Int, of: Int)] = []

  /// Creates an empty count.
  ///
  /// - Parameters:
  ///   - others: Values that somebody else computed, by their names, row by row.
  ///   - follows: Whether their choices are taken.
  ///   - noise: How far rounding moves values.
  package init(
    others: [String: [Float]] = [:], follows: Bool = false, noise: RoundingNoise = .init()
  ) {
    (self.others, self.follows, self.noise, log) = (others, follows, noise, nil)
  }

  /// Writes all choices, or takes those that another run has just written.
  init(_ log: Log, isRead: Bool) {
    (others, follows, noise, self.log) = ([:], false, .init(), (log, isRead))
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
    if let (log, isRead) = log, isRead { return log.choices.removeFirst() }
    let own = rule(values.map(\.scalars))
    log?.0.choices.append(own)
    made += own.count
    let given = values.map { name, scalars -> [Double]? in
      guard let other = others[name], other.count == scalars.count else { return nil }
      return other.map(Double.init)
    }
    guard given.contains(where: { $0 != nil }) else { return own }
    let theirs = rule(zip(given, values).map { $0 ?? $1.scalars })
    count(zip(own, theirs).reduce(0) { $0 + ($1.0 == $1.1 ? 0 : 1) }, of: own.count, node)
    guard follows else { return own }
    let areSame = zip(given, values).allSatisfy { given, value in
      given.map { isRounding($0, value.scalars, value.name) } ?? true
    }
    return areSame ? theirs : own
  }

  /// A function in steps of each of some elements; between two places it takes no values but those that it has there, or
  /// at 0.
  ///
  /// - Parameters:
  ///   - x: The elements.
  ///   - slack: How far rounding may have moved them, where more than is usual.
  ///   - result: The name of the function's result.
  ///   - node: Whose it is.
  ///   - isCounted: Whether it counts, or was counted before.
  ///   - function: The function, by an element's place and value.
  /// - Returns: The values that hold.
  func step(
    _ x: [Double], slack: Double, result: String, by node: String, isCounted: Bool = true,
    _ function: (_ place: Int, _ x: Double) -> Double
  ) -> [Double] {
    if let (log, isRead) = log, isRead { return log.steps.removeFirst() }
    var values = x.indices.map { function($0, x[$0]) }
    log?.0.steps.append(values)
    if isCounted { made += values.count }
    guard let theirs = others[result], theirs.count == values.count else { return values }
    let reach = max(slack, Self.rounding * Self.largest(x))
    var differences = 0
    for i in values.indices where Float(values[i]) != theirs[i] {
      if values[i].isNaN && theirs[i].isNaN { continue }
      differences += 1
      let (low, high) = (x[i] - reach, x[i] + reach)
      let near = [low, max(low, min(high, 0)), high].map { function(i, $0) }
      let other = Double(theirs[i])
      guard follows, near.allSatisfy({ !$0.isNaN }), let least = near.min(), let most = near.max()
      else { continue }
      // One of the function's own values, which are whole but where numbers are quantized and taken back.
      if least <= other, other <= most, other.rounded() == other || near.contains(other) {
        values[i] = other
      }
    }
    if isCounted { count(differences, of: values.count, node) }
    return values
  }

  private func count(_ differences: Int, of all: Int, _ node: String) {
    compared += all
    guard differences > 0 else { return }
    different += differences
    differing.append((node, differences, all))
  }

  /// Whether numbers are others but for rounding.
  private func isRounding(_ theirs: [Double], _ own: [Double], _ name: String) -> Bool {
    let reach = max(noise[name], Self.rounding * Self.largest(own))
    return zip(theirs, own).allSatisfy { theirs, own in
      theirs == own || theirs.isNaN && own.isNaN || abs(theirs - own) <= reach
    }
  }

  private static func largest(_ x: [Double]) -> Double {
    x.reduce(0) { $1.isFinite ? max($0, abs($1)) : $0 }
  }
}
