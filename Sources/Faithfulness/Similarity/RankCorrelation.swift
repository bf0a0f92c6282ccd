/// The ranks of numbers from 1; numbers that are equal share the mean of their ranks.
///
/// - Parameter values: Numbers in any order.
/// - Returns: One rank a number.
public func averageRanks(_ values: [Float]) -> [Double] {
  let order = values.indices.sorted { values[$0] < values[$1] }
  var ranks = [Double](repeating: 0, count: values.count)
  var first = 0
  while first < order.count {
    var last = first
    while last + 1 < order.count, values[order[last + 1]] == values[order[first]] { last += 1 }
    for place in first...last { ranks[order[place]] = Double(first + last) / 2 + 1 }
    first = last + 1
  }
  return ranks
}

/// Spearman's rank correlation: whether two lists order the same things in the same way.
///
/// Pearson's correlation of average ranks, as `scipy.stats.spearmanr`.
///
/// - Parameters:
///   - a: One number a thing.
///   - b: As many.
/// - Returns: −1…1; `nil` where all numbers of a list are the same.
/// - Precondition: The counts are equal.
public func spearman(_ a: [Float], _ b: [Float]) -> Double? {
  precondition(a.count == b.count, "spearman: \(a.count) and \(b.count) numbers")
  return pearson(averageRanks(a), averageRanks(b))
}

/// Pearson's correlation; `nil` where all numbers of a list are the same.
func pearson(_ a: [Double], _ b: [Double]) -> Double? {
  let count = Double(a.count)
  let (meanA, meanB) = (a.reduce(0, +) / count, b.reduce(0, +) / count)
  var (ab, aa, bb) = (0.0, 0.0, 0.0)
  for (x, y) in zip(a, b) {
    ab += (x - meanA) * (y - meanB)
    aa += (x - meanA) * (x - meanA)
    bb += (y - meanB) * (y - meanB)
  }
  return aa > 0 && bb > 0 ? ab / (aa * bb).squareRoot() : nil
}

/// The standard error of a rank correlation that was estimated from so many pairs.
///
/// Source: Bonett and Wright, "Sample Size Requirements for Estimating Pearson, Kendall and Spearman
/// Correlations", Psychometrika 65, 2000: `(1 − ρ²) √((1 + ρ²/2) / (n − 3))`.
///
/// - Returns: `nil` for fewer than 4 pairs.
func standardError(ofSpearman rho: Double, pairs: Int) -> Double? {
  guard pairs > 3 else { return nil }
  return (1 - rho * rho) * ((1 + rho * rho / 2) / Double(pairs - 3)).squareRoot()
}
