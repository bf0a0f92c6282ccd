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
    let pending = missing.filter { !isKept($0) }.map { items[$0] }
    guard !pending.isEmpty else { return nil }
    var kinds: [Kind: GalleryItem] = [:]
    for item in pending where kinds[Kind(item)] == nil { kinds[Kind(item)] = item }
    // Layers of all depths: those in between are taken to be like their neighbours on average.
    let ordered = pending.map(Kind.init).uniqued
    let stride = max(1, (ordered.count + Self.timedPictures - 1) / Self.timedPictures)
    var costs: [Cost] = []
    for place in Swift.stride(from: 0, to: ordered.count, by: stride) {
      if let item = kinds[ordered[place]], let cost = cost(of: item) { costs.append(cost) }
    }
    guard !costs.isEmpty else { return nil }
    let count = Double(costs.count)
    let perWork = costs.reduce(0) { $0 + $1.secondsPerWork } / count
    let perPicture = costs.reduce(0) { $0 + $1.secondsPerPicture } / count
    let seconds = pending.reduce(0) { $0 + perPicture + perWork * $1.work }
    return .seconds(seconds / Double(max(1, min(threads, pending.count))))
  }

  /// What pictures of a kind take on one thread.
  private struct Cost {
    /// The time of a unit of work.
    let secondsPerWork: Double
    /// The time before the first step and after the last.
    let secondsPerPicture: Double
  }

  private func cost(of item: GalleryItem) -> Cost? {
    let item = item.taking(steps: Self.timedSteps + 1)
    let times = Mutex<[ContinuousClock.Instant]>([])
    let start = ContinuousClock.now
    guard (try? painter(item, network, 1, { _ in times.withLock { $0.append(.now) } })) != nil
    else {
      return nil
    }
    let total = (ContinuousClock.now - start) / .seconds(1)
    let marks = times.withLock { $0 }
    guard marks.count > Self.timedSteps else { return nil }
    // Between the first two marks the network's plan may still be compiled.
    let step = (marks[Self.timedSteps] - marks[1]) / .seconds(1) / Double(Self.timedSteps - 1)
    return Cost(
      secondsPerWork: step / item.workPerStep,
      secondsPerPicture: max(0, total - step * Double(Self.timedSteps + 1)))
  }

  /// Pictures whose steps take equally long.
  private struct Kind: Hashable {
    let group: GalleryItem.Group
    let size: PictureSize?
    let batch: Int

    init(_ item: GalleryItem) {
      (group, size, batch) = (item.group, item.recipe.size, item.recipe.batch)
    }
  }
}

extension GalleryItem {
  /// The same picture after fewer steps.
  fileprivate func taking(steps: Int) -> GalleryItem {
    var recipe = recipe
    recipe.steps = steps
    return GalleryItem(subject: subject, recipe: recipe, fileName: fileName, variant: variant)
  }
}

extension Array where Element: Hashable {
  /// Every element once, in order.
  fileprivate var uniqued: [Element] {
    var seen = Set<Element>()
    return filter { seen.insert($0).inserted }
  }
}
