import Memory

/// Names of which some lie within others, as `layer3.0.conv1` in `layer3`.
///
/// All questions are answered from one sorted list: what lies within a name stands in a row behind it.
struct NestedNames {
  /// For each name, as they came, the places of those within it.
  private let parts: [Range<Int>]
  /// The place of each name among all in order, the first where there are several.
  private let places: [String: Int]
  private let names: [String]

  init(_ names: [String]) {
    self.names = names
    let bytes = names.map { Array($0.utf8) }
    let order = names.indices.sorted { bytes[$0].lexicographicallyPrecedes(bytes[$1]) }
    let sorted = order.map { bytes[$0] }
    places = Dictionary(
      zip(order.map { names[$0] }, names.indices), uniquingKeysWith: { first, _ in first })
    parts = bytes.map { name in
      // The slash is the character behind the point.
      Self.place(
        of: name + [UInt8(ascii: ".")], in: sorted)..<Self.place(
          of: name + [UInt8(ascii: "/")], in: sorted)
    }
  }

  /// Whether other names lie within the one at a place.
  func hasParts(_ index: Int) -> Bool { !parts[index].isEmpty }

  /// For each name the sum of numbers that belong to it and to those within it.
  ///
  /// - Parameter numbers: Numbers from 0 on, by names that are among these.
  /// - Returns: A sum a name.
  func sums(_ numbers: [(name: String, number: Int)]) -> [Int] {
    var own = [Int](repeating: 0, count: names.count)
    for (name, number) in numbers {
      guard let place = places[name] else { continue }
      own[place] = MemoryLimit.sum(own[place], number)
    }
    // Sums up to each place; differences of them are right even where they are beyond all numbers.
    var upTo = [0]
    for number in own { upTo.append(upTo[upTo.count - 1] &+ number) }
    return zip(names, parts).map { name, parts in
      (places[name].map { own[$0] } ?? 0) &+ upTo[parts.upperBound] &- upTo[parts.lowerBound]
    }
  }

  /// The place of the first name that does not come before another.
  private static func place(of name: [UInt8], in sorted: [[UInt8]]) -> Int {
    var (low, high) = (0, sorted.count)
    while low < high {
      let middle = (low + high) / 2
      if sorted[middle].lexicographicallyPrecedes(name) { low = middle + 1 } else { high = middle }
    }
    return low
  }
}
