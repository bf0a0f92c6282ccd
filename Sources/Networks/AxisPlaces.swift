/// Where in the picture the entries of an axis lie that its rows or columns were brought along.
///
/// What keeps to the picture (windows, resizing) is laid over all of it, as class activation maps are, whatever half
/// entries its padding moves it by; what cuts, pads, mirrors or rolls is followed entry by entry.
package struct AxisPlaces: Hashable, Sendable {
  /// How many entries there are.
  package let count: Int
  /// The middle of each entry, 0…1 from the picture's beginning to its end, nil for what is none of the picture's;
  /// nil where they lie evenly over all of it.
  private let moved: [Double?]?

  /// Entries that lie evenly over the picture.
  init(count: Int) { (self.count, moved) = (count, nil) }

  /// Entries at some places, which lie evenly over the picture where none is farther from that than an entry's size.
  private init(_ centers: [Double?], within tolerance: Double = 1.01) {
    count = centers.count
    let size = 1 / Double(max(count, 1))
    let isEven = centers.enumerated().allSatisfy { index, center in
      center.map { abs($0 - (Double(index) + 0.5) * size) <= tolerance * size } ?? false
    }
    let ascends = zip(centers, centers.dropFirst()).allSatisfy { ($0 ?? 0) < ($1 ?? 1) }
    moved = isEven && ascends ? nil : centers
  }

  /// Whether the entries lie evenly over the picture.
  package var isWhole: Bool { moved == nil }

  private var centers: [Double?] {
    moved ?? (0..<count).map { (Double($0) + 0.5) / Double(count) }
  }

  /// Places no farther apart are one.
  private static let rounding = 1e-6

  /// The distance of neighbours.
  private var spacing: Double {
    guard let moved else { return 1 / Double(count) }
    return zip(moved, moved.dropFirst()).compactMap { first, second in
      first.flatMap { first in second.map { abs($0 - first) } }
    }.filter { $0 > Self.rounding }.min() ?? 1 / Double(count)
  }

  // MARK: What operators do to them

  /// The entries at some indices.
  func selecting(_ indices: [Int]) -> AxisPlaces? {
    let centers = centers
    guard indices.allSatisfy(centers.indices.contains) else { return nil }
    return AxisPlaces(indices.map { centers[$0] }).distinct
  }

  /// Every entry from one on, or backwards; each of a longer step stands for those that are passed over.
  func stepping(from start: Int, by step: Int, count: Int) -> AxisPlaces? {
    guard abs(step) > 1 else { return selecting((0..<count).map { start + $0 * step }) }
    let first = start - start % abs(step)
    let blocks = stretched(to: (self.count + abs(step) - 1) / abs(step))
    let index = step > 0 ? first / step : start / -step
    return blocks.selecting((0..<count).map { index + (step > 0 ? $0 : -$0) })
  }

  /// With so many entries of nothing before and behind; fewer than none: cut off.
  func padded(_ before: Int, _ after: Int) -> AxisPlaces? {
    guard count + before + after > 0 else { return nil }
    let kept = centers.dropFirst(max(-before, 0)).dropLast(max(-after, 0))
    return AxisPlaces(
      [Double?](repeating: nil, count: max(before, 0)) + kept
        + [Double?](repeating: nil, count: max(after, 0)))
  }

  /// So many entries over the same part of the picture.
  func stretched(to count: Int) -> AxisPlaces {
    guard let moved, count != self.count else { return AxisPlaces(count: count, moved) }
    let (spacing, scale) = (spacing, Double(self.count) / Double(count))
    /// The step from an entry to its neighbour, where this one is beside it in the picture, too.
    func step(_ index: Int, _ neighbour: Int) -> Double? {
      guard moved.indices.contains(neighbour), let here = moved[index],
        let there = moved[neighbour],
        abs(there - here) < 1.5 * spacing
      else { return nil }
      return (there - here) * Double(neighbour - index)
    }
    return AxisPlaces(
      (0..<count).map { index in
        let place = (Double(index) + 0.5) * scale - 0.5
        let nearest = min(max(Int(place.rounded()), 0), moved.count - 1)
        let side = place < Double(nearest) ? -1 : 1
        let slope = step(nearest, nearest + side) ?? step(nearest, nearest - side) ?? 0
        return moved[nearest].map { $0 + (place - Double(nearest)) * slope }
      }, within: 0.05)
  }

  /// What windows make of them: padding beyond that which keeps the size is beside the picture, and nothing that stands
  /// beside it is taken for such padding.
  ///
  /// - Parameters:
  ///   - reach: From a window's first entry to its last.
  ///   - stride: From a window to the next; windows that do not overlap need no padding to keep to the picture.
  ///   - pads: Before and behind.
  ///   - count: How many windows there are.
  /// - Returns: One place a window; nil where nothing is left of the picture.
  func windowed(reach: Int, stride: Int, pads: (Int, Int), count: Int) -> AxisPlaces? {
    let half = stride > reach ? (0, 0) : (reach / 2, reach - reach / 2)
    if pads.0 > reach || pads.1 > reach {
      return padded(max(pads.0 - half.0, 0), max(pads.1 - half.1, 0))?.stretched(to: count)
    }
    guard let moved else { return AxisPlaces(count: count) }
    let before = min(moved.prefix { $0 == nil }.count, max(half.0 - pads.0, 0))
    let after = min(moved.reversed().prefix { $0 == nil }.count, max(half.1 - pads.1, 0))
    return padded(-before, -after)?.stretched(to: count)
  }

  /// One behind the other; nil: so many entries that are none of the picture's.
  static func joined(_ parts: [(places: AxisPlaces?, count: Int)]) -> AxisPlaces? {
    AxisPlaces(
      parts.flatMap { $0.places?.centers ?? [Double?](repeating: nil, count: $0.count) }
    ).distinct
  }

  /// Itself, where no two entries are the same part of the picture, and some entry is one.
  private var distinct: AxisPlaces? {
    let known = centers.compactMap(\.self).sorted()
    let isTwice = zip(known, known.dropFirst()).contains { $1 - $0 < Self.rounding }
    return known.isEmpty || isTwice ? nil : self
  }

  private init(count: Int, _ moved: [Double?]?) { (self.count, self.moved) = (count, moved) }

  // MARK: Upright again

  /// A place of an upright axis: between two entries, or beside what the network sees.
  struct Mixture {
    var first = 0
    var second = 0
    /// The shares of the two; 0 both where nothing lies.
    var shares: (Float, Float) = (0, 0)
  }

  /// What lies evenly over the picture.
  ///
  /// - Parameter extent: The picture's own extent, taken where entries lie between those of an upright axis; nil: the
  ///   nearest.
  /// - Returns: What lies there, place by place.
  func upright(over extent: Int?) -> [Mixture] {
    let known = centers.enumerated().compactMap { index, center in center.map { (index, $0) } }
      .sorted { $0.1 < $1.1 }
    let (spacing, cells) = (spacing, max(Int((1 / spacing).rounded()), 1))
    let isAligned = known.allSatisfy { _, center in
      let place = center * Double(cells) - 0.5
      return abs(place - place.rounded()) < 0.05
    }
    let count = isAligned ? cells : extent ?? cells
    return (0..<count).map { index in
      let place = (Double(index) + 0.5) / Double(count)
      let next = known.firstIndex { $0.1 >= place } ?? known.count
      let near = [next - 1, next].filter(known.indices.contains).map {
        (known[$0].0, abs(known[$0].1 - place))
      }
      guard let nearest = near.min(by: { $0.1 < $1.1 }), nearest.1 <= 0.5001 * spacing else {
        return Mixture()
      }
      let distance = near.reduce(0) { $0 + $1.1 }
      guard !isAligned, extent != nil, near.count == 2, distance < 1.5 * spacing, distance > 0
      else {
        return Mixture(first: nearest.0, second: nearest.0, shares: (1, 0))
      }
      let share = Float(near[0].1 / distance)
      return Mixture(first: near[0].0, second: near[1].0, shares: (1 - share, share))
    }
  }
}
