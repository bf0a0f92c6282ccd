/// Overlapping regions of a picture, the most important first.
package struct RegionRanking {
  /// A region has to add so many pixels to those before it.
  private static let fewest = 50

  private let regions: [[Int]]
  private let order: XRAI.Order

  /// Takes the pixels of each region, in any order.
  package init(_ regions: [[Int]], order: XRAI.Order) {
    (self.regions, self.order) = (regions, order)
  }

  /// For each pixel the mean attribution of what its region added.
  ///
  /// - Parameter attribution: One number a pixel.
  /// - Returns: As many numbers.
  func means(_ attribution: [Float]) -> [Float] { ranked(attribution).means }

  /// For each pixel the mean attribution of what its region added, and the region's rank, 1 for the greatest
  /// mean.
  package func ranked(_ attribution: [Float]) -> (means: [Float], ranks: [Int]) {
    var isTaken = [Bool](repeating: false, count: attribution.count)
    var parts: [(pixels: [Int], mean: Double)] = []
    func take(_ pixels: [Int]) {
      parts.append((pixels, Self.mean(pixels, attribution)))
      for pixel in pixels { isTaken[pixel] = true }
    }
    var left = regions
    if order == .fast {
      let own = regions.map { Self.mean($0, attribution) }
      for index in regions.indices.sorted(by: { (own[$1], $0) < (own[$0], $1) }) {
        let added = regions[index].filter { !isTaken[$0] }
        if added.count >= Self.fewest { take(added) }
      }
      left = []
    }
    while !left.isEmpty {
      left = left.map { $0.filter { !isTaken[$0] } }.filter { $0.count >= Self.fewest }
      let means = left.map { Self.mean($0, attribution) }
      guard let best = means.indices.max(by: { (means[$0], $1) < (means[$1], $0) }) else { break }
      take(left.remove(at: best))
    }
    parts = parts.enumerated().sorted {
      ($1.element.mean, $0.offset) < ($0.element.mean, $1.offset)
    }
    .map(\.element)
    let rest = isTaken.indices.filter { !isTaken[$0] }
    if !rest.isEmpty { parts.append((rest, Self.mean(rest, attribution))) }
    var (means, ranks) = (attribution, [Int](repeating: 0, count: attribution.count))
    for (rank, part) in parts.enumerated() {
      for pixel in part.pixels { (means[pixel], ranks[pixel]) = (Float(part.mean), rank + 1) }
    }
    return (means, ranks)
  }

  private static func mean(_ pixels: [Int], _ attribution: [Float]) -> Double {
    pixels.reduce(0) { $0 + Double(attribution[$1]) } / Double(max(pixels.count, 1))
  }
}
