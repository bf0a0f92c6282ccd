import Synchronization
import Visualization

extension Gallery {
  /// The steps that are timed of a picture.
  private static let timedSteps = 4
  /// The most pictures of which steps are timed.
  private static let timedPictures = 4

  /// How long it will take to make what is missing, from a few steps of a few pictures.
  ///
  /// - Parameter threads: How many pictures are made at a time.
  /// - Returns: nil where nothing is missing, or no step could be timed.
  public func estimate(threads: Int) -> Duration? {
    let pending = zip(items, records()).filter { $0.1 == nil }.map(\.0)
    guard !pending.isEmpty else { return nil }
    var kinds: [Kind: GalleryItem] = [:]
    for item in pending where kinds[Kind(item)] == nil { kinds[Kind(item)] = item }
    // Layers of all depths: those in between are taken to be like their neighbours on average.
    let ordered = pending.map(Kind.init).uniqued
    let stride = max(1, (ordered.count + Self.timedPictures - 1) / Self.timedPictures)
    var seconds: [Double] = []
    for place in Swift.stride(from: 0, to: ordered.count, by: stride) {
      guard let item = kinds[ordered[place]], let time = secondsPerWork(item) else {
        continue
      }
      seconds.append(time)
    }
    guard !seconds.isEmpty else { return nil }
    let mean = seconds.reduce(0, +) / Double(seconds.count)
    let work = pending.reduce(0) { $0 + $1.work }
    return .seconds(mean * work / Double(max(1, min(threads, pending.count))))
  }

  /// The time that a unit of work takes on one thread.
  private func secondsPerWork(_ item: GalleryItem) -> Double? {
    let item = item.taking(steps: Self.timedSteps + 1)
    let times = Mutex<[ContinuousClock.Instant]>([])
    let painted = try? painter(item, network, 1) { _ in times.withLock { $0.append(.now) } }
    let marks = times.withLock { $0 }
    guard painted != nil, marks.count > Self.timedSteps else { return nil }
    // The first step compiles the network's plan.
    let elapsed = marks[Self.timedSteps] - marks[1]
    return elapsed / .seconds(1) / Double(Self.timedSteps - 1) / item.workPerStep
  }

  /// Pictures whose steps take equally long.
  private struct Kind: Hashable {
    let group: GalleryItem.Group
    let size: PixelSize?

    init(_ item: GalleryItem) {
      (group, size) = (item.group, item.settings.size)
    }
  }
}

extension GalleryItem {
  /// The same picture after fewer steps.
  fileprivate func taking(steps: Int) -> GalleryItem {
    var settings = settings
    settings.recipe.steps = steps
    return GalleryItem(unit: unit, settings: settings, fileName: fileName, variant: variant)
  }
}

extension Array where Element: Hashable {
  /// Every element once, in order.
  fileprivate var uniqued: [Element] {
    var seen = Set<Element>()
    return filter { seen.insert($0).inserted }
  }
}
