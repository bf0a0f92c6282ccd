/// How many of the greatest numbers of two lists stand in the same places: intersection over union.
///
/// Of equal numbers the first counts as the greater.
///
/// - Parameters:
///   - a: One number a place.
///   - b: As many.
///   - count: How many of the greatest are looked at, at least 1; all where there are fewer.
/// - Returns: 0…1.
/// - Precondition: The lists are equally long and not empty.
public func topJaccard(_ a: [Float], _ b: [Float], count: Int) -> Double {
  precondition(
    a.count == b.count && !a.isEmpty && count >= 1,
    "topJaccard: the top \(count) of \(a.count) and \(b.count) numbers")
  let (first, second) = (top(a, count), top(b, count))
  return Double(first.intersection(second).count) / Double(first.union(second).count)
}

private func top(_ values: [Float], _ count: Int) -> Set<Int> {
  Set(values.indices.sorted { (values[$1], $0) < (values[$0], $1) }.prefix(count))
}
