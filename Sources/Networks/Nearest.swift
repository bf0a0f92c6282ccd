/// The names most like the one that somebody typed: those that contain it, then those within a few typos.
///
/// - Parameters:
///   - name: What was typed.
///   - names: What exists.
///   - count: How many to return at most.
/// - Returns: The best first.
public func nearest(to name: String, in names: [String], count: Int = 5) -> [String] {
  let typed = name.lowercased()
  let scored = names.map { candidate -> (name: String, distance: Int) in
    let other = candidate.lowercased()
    if !typed.isEmpty, other.contains(typed) || typed.contains(other) {
      return (candidate, abs(other.count - typed.count) / 4)
    }
    return (candidate, 2 * editDistance(typed, other))
  }
  let limit = max(4, typed.count)
  return
    scored.enumerated()
    .filter { $0.element.distance <= limit }
    .sorted { ($0.element.distance, $0.offset) < ($1.element.distance, $1.offset) }
    .prefix(count).map(\.element.name)
}

/// The fewest insertions, deletions and substitutions that turn one text into the other (Levenshtein).
func editDistance(_ a: String, _ b: String) -> Int {
  let b = Array(b)
  var row = Array(0...b.count)
  for (i, x) in a.enumerated() {
    var diagonal = row[0]
    row[0] = i + 1
    for (j, y) in b.enumerated() {
      let substituted = diagonal + (x == y ? 0 : 1)
      diagonal = row[j + 1]
      row[j + 1] = min(substituted, row[j] + 1, row[j + 1] + 1)
    }
  }
  return row[b.count]
}
