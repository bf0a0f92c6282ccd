import Files
import Imaging
import Networks
import Portraits
import Synchronization
import Visualization

extension Gallery {
  /// What became of a gallery.
  public struct Report: Sendable {
    /// Pictures that were made now.
    public internal(set) var made: [GalleryItem] = []
    /// Pictures that were there already.
    public internal(set) var kept: [GalleryItem] = []
    /// Of these, those in which there is nothing to be seen.
    public internal(set) var ofOneColor: [GalleryItem] = []
    /// Pictures that could not be made, and why.
    public internal(set) var failed: [(item: GalleryItem, reason: String)] = []
  }

  /// Makes what is missing, then the contact sheet; the page grows with every picture.
  ///
  /// Of a part, only the pictures are made: `merge()` does the rest. A picture that cannot be made does not keep
  /// the others from being made. Pictures do not depend on the number of threads. Several processes may make the
  /// same gallery at the same time: they share the pictures, and each ends with the whole page.
  ///
  /// - Parameters:
  ///   - threads: How many pictures are made at a time, each by one thread.
  ///   - progress: Called at every step of every picture, by one thread at a time.
  /// - Returns: What was made, what was there, and what failed.
  /// - Throws: `FileError` where a file cannot be written, and `CancellationError`; finished pictures
  ///   stay.
  public func make(
    threads: Int, progress: @escaping @Sendable (GalleryProgress) -> Void = { _ in }
  ) async throws -> Report {
    let own = items.indices.map { share.contains($0) ? record(at: $0) : nil }
    var results = Results(gallery: self, records: own)
    var pending = results.missing
    // Before any work: a folder that cannot be written to is found out now.
    try begin()
    if part == nil {
      try writeAssets()
      try writeFirstPage(&results)
    }
    let tally = Tally(items, pending: pending, progress: progress)
    while !pending.isEmpty {
      pending = try await make(pending, threads: threads, into: &results, tally)
      guard let next = pending.first else { break }
      // Another run is making what is left: either it comes to an end or the run does.
      tally.wait(for: next)
      try await Task.sleep(for: Self.waitingTime)
    }
    if part == nil { try finish(&results) }
    return results.report()
  }

  /// Makes the folder and says in it which part is made.
  func begin() throws {
    try makeFolder(folder)
    if let part { try PartMarks(in: folder).begin(part, write) }
  }

  /// Writes the first page while others are missing.
  private func writeFirstPage(_ results: inout Results) throws {
    try write(Array(results.page().html.utf8), pagePath)
  }

  /// How often it is looked whether another run has made a picture.
  private static let waitingTime = Duration.milliseconds(200)

  /// What became of one picture.
  enum Outcome: Sendable {
    case made(PortraitRecord)
    /// Another run of the same gallery made it in the meantime.
    case found(PortraitRecord)
    /// Another run of the same gallery is making it.
    case elsewhere
    case failed(reason: String)
  }

  /// Makes pictures, and leaves out those that another run is making.
  ///
  /// - Returns: The places of those left out.
  private func make(
    _ pending: [Int], threads: Int, into results: inout Results, _ tally: Tally
  ) async throws -> [Int] {
    var elsewhere: [Int] = []
    // Pictures fewer than threads share them.
    let share = max(1, threads / max(1, pending.count))
    try await withThrowingTaskGroup(of: (Int, Outcome).self) { group in
      var next = pending.makeIterator()
      func start() {
        guard let index = next.next() else { return }
        group.addTask {
          (index, try self.outcome(of: index, threads: share, tally))
        }
      }
      for _ in 0..<max(1, threads) { start() }
      while let (index, outcome) = try await group.next() {
        if case .elsewhere = outcome { elsewhere.append(index) }
        results.add(outcome, at: index)
        if part == nil && results.pageIsDue { try writeFirstPage(&results) }
        start()
      }
    }
    return elsewhere.sorted()
  }

  private func outcome(
    of index: Int, threads: Int, _ tally: Tally
  ) throws -> Outcome {
    let item = items[index]
    guard let lock = try FileLock.taken(on: item.fileName, in: folder) else { return .elsewhere }
    defer { withExtendedLifetime(lock) {} }
    if let made = self.record(at: index) {
      tally.finish(index, failed: false)
      return .found(made)
    }
    if part != nil, let reason = try failureNotes.reason(of: keys[index]) {
      tally.finish(index, failed: true)
      return .failed(reason: reason)
    }
    if let kept = try cache?.picture(of: keys[index], texts: { try texts(of: index, $0) }) {
      try write(kept.file, path(of: item))
      tally.finish(index, failed: false)
      return .found(kept.record)
    }
    let record: PortraitRecord
    let file: [UInt8]
    do {
      var wasMoved = false
      let portrait = try painter(item, network, threads) { step in
        wasMoved = wasMoved || step.gradientNorm > 0
        tally.report(index, step: step.number)
      }
      guard wasMoved, !portrait.isUnmoved else { throw DeadUnitError(value: portrait.after) }
      record = PortraitRecord(portrait)
      file = try network.shown(portrait, scale: item.scale, bands: item.recipe.bands)
        .png(texts: texts(of: index, record))
    } catch let error as CancellationError {
      throw error
    } catch {
      try failureNotes.keep(error, of: keys[index], named: item.fileName, write)
      tally.finish(index, failed: true)
      return .failed(reason: "\(error)")
    }
    // First there: whoever goes on after a kill in between takes it from the cache, and both are whole.
    let store = { try write(file, path(of: item)) }
    if let cache {
      try cache.keepIfPossible(file, as: PictureCache.name(of: keys[index]), storing: store)
    } else {
      try store()
    }
    tally.finish(index, failed: false)
    return .made(record)
  }

  private func texts(of index: Int, _ record: PortraitRecord) throws -> [PNGText] {
    var provenance = provenance
    provenance.command = commands[index]
    let item = items[index]
    return try provenance.texts(
      of: item.subject, by: item.recipe, in: network, record: record)
      + [PortraitRecord.text(key: keys[index])]
  }

  /// What stands above the gallery.
  public var title: String { plan.title ?? plan.name }
}

/// A unit that no step could move.
package struct DeadUnitError: Error, CustomStringConvertible {
  let value: Float

  /// Creates the error.
  ///
  /// - Parameter value: The unit's, before and after.
  package init(value: Float) { self.value = value }

  package var description: String {
    "nothing moved it from \(value == 0 ? "0" : "\(value)"): the unit is dead, or penalties were stronger than it; try another seed, a "
      + "smaller penalty, or start from a picture that excites it"
  }
}
