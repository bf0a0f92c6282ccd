import Synchronization
import Visualization

/// How far a gallery has come.
public struct GalleryProgress: Sendable {
  /// The pictures that have to be made.
  public let total: Int
  /// How many of them are finished, or failed.
  public let done: Int
  /// How many failed.
  public let failed: Int
  /// The share of all steps that is done, 0…1.
  public let share: Double
  /// How long the rest will take; nil while that is unknown.
  public let timeLeft: Duration?
  /// The picture that was worked on last.
  public let title: String
}

/// Adds up the steps of pictures that are made at the same time.
final class Tally: Sendable {
  fileprivate struct State {
    var steps: [Int: Int] = [:]
    var work: Double = 0
    var done = 0
    var failed = 0
    /// When the first steps were done; preparing does not count.
    var start: (time: ContinuousClock.Instant, work: Double)?
  }

  private let items: [GalleryItem]
  private let total: Int
  private let totalWork: Double
  private let progress: @Sendable (GalleryProgress) -> Void
  private let state = Mutex(State())

  init(
    _ items: [GalleryItem], pending: [Int], progress: @escaping @Sendable (GalleryProgress) -> Void
  ) {
    self.items = items
    total = pending.count
    totalWork = pending.reduce(0) { $0 + items[$1].work }
    self.progress = progress
  }

  /// Counts the steps of a picture up to this one.
  func report(_ index: Int, step: Int) {
    state.withLock { state in
      state.advance(index, to: step, items[index])
      progress(snapshot(&state, index))
    }
  }

  /// Says that there is nothing to do but to wait for a picture that another run is making.
  func wait(for index: Int) {
    state.withLock { progress(snapshot(&$0, index)) }
  }

  /// Counts a picture as finished.
  func finish(_ index: Int, failed: Bool) {
    state.withLock { state in
      state.advance(index, to: items[index].recipe.steps, items[index])
      state.done += 1
      state.failed += failed ? 1 : 0
      progress(snapshot(&state, index))
    }
  }

  private func snapshot(_ state: inout State, _ index: Int) -> GalleryProgress {
    let now = ContinuousClock.now
    var left: Duration?
    if let start = state.start, state.work > start.work {
      left = (now - start.time) * ((totalWork - state.work) / (state.work - start.work))
    } else if state.start == nil, state.work > 0 {
      state.start = (now, state.work)
    }
    return GalleryProgress(
      total: total, done: state.done, failed: state.failed,
      share: totalWork > 0 ? min(1, state.work / totalWork) : 1, timeLeft: left,
      title: items[index].title)
  }
}

extension Tally.State {
  fileprivate mutating func advance(_ index: Int, to step: Int, _ item: GalleryItem) {
    let before = steps[index] ?? 0
    steps[index] = step
    work += item.workPerStep * Double(step - before)
  }
}

extension GalleryItem {
  /// What a step costs, in pixels.
  var workPerStep: Double {
    Double((recipe.size?.height ?? 1) * (recipe.size?.width ?? 1) * recipe.batch)
  }

  /// What the picture costs, in pixels times steps.
  var work: Double { workPerStep * Double(recipe.steps) }
}
