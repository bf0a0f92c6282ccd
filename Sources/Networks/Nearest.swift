/// The names most like the one that somebody typed: those that contain it, then those within a few slips.
///
/// Small and large letters are alike. A slip is a letter too many, too few, another one, or two that changed places; a
/// third of the typed letters may be slips, one at least.
///
/// - Parameters:
///   - name: What was typed.
///   - names: What exists.
///   - count: How many to return at most.
/// - Returns: The best first.
public func nearest(to name: String, in names: [String], count: Int = 5) -> [String] {
  let typed = Array(name.lowercased())
  guard !typed.isEmpty else { return [] }
  let scored = names.map { candidate -> (name: String, distance: Int?) in
    let other = Array(candidate.lowercased())
    let distances = [distance(byParts: typed, other), distance(bySlips: typed, other)]
    return (candidate, distances.compactMap(\.self).min())
  }
  return
    scored.enumerated().compactMap { place, one in one.distance.map { (one.name, $0, place) } }
    .sorted { ($0.1, $0.2) < ($1.1, $1.2) }.prefix(count).map(\.0)
}

/// How far a name is from one that it contains or is contained in, in eighths of a slip; nil: neither is so.
///
/// Its beginning and whole words are nearest; what is left over of a longer name counts little.
private func distance(byParts typed: [Character], _ other: [Character]) -> Int? {
  if let place = other.firstRange(of: typed)?.lowerBound {
    let isOfWord = place == 0 || !(other[place - 1].isLetter || other[place - 1].isNumber)
    return (isOfWord ? 0 : 4) + min(8, other.count - typed.count)
  }
  // A word of one or two letters is in everything.
  let isStart = other.count > 2 && typed.starts(with: other)
  guard isStart || 2 * other.count >= typed.count, typed.firstRange(of: other) != nil
  else { return nil }
  return (isStart ? 4 : 8) + min(16, 2 * (typed.count - other.count))
}

/// How far a name is from what was typed by slips, in eighths of one; nil: too far for anybody to have meant it.
private func distance(bySlips typed: [Character], _ other: [Character]) -> Int? {
  let limit = max(1, typed.count / 3)
  guard abs(typed.count - other.count) <= limit else { return nil }
  let slips = slips(typed, other)
  guard slips <= limit else { return nil }
  // A slip leaves the first letter what it is, as a rule, and rather the length.
  return 8 * slips - (typed.first == other.first ? 2 : 0) + min(1, abs(typed.count - other.count))
}

/// The fewest insertions, deletions, substitutions and swaps of neighbours that turn one text into the other, no part of
/// it changed twice (optimal string alignment).
private func slips(_ a: [Character], _ b: [Character]) -> Int {
  var before: [Int] = []
  var last = Array(0...b.count)
  for (i, x) in a.enumerated() {
    var row = [i + 1]
    for (j, y) in b.enumerated() {
      var least = min(last[j] + (x == y ? 0 : 1), last[j + 1] + 1, row[j] + 1)
      if i > 0, j > 0, x == b[j - 1], y == a[i - 1] { least = min(least, before[j - 1] + 1) }
      row.append(least)
    }
    (before, last) = (last, row)
  }
  return last[b.count]
}
