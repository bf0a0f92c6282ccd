import Files
import Foundation
import Galleries
import Networks
import Portraits
import Synchronization

extension StaticMicroscope {
  private struct State {
    /// The places of what is to be made.
    var pending: [Int]
    var next = 0
    var done = 0
    /// What other processes are making.
    var elsewhere: [Int] = []
    var report = Report()
    /// The keys of what could not be made.
    var failed: [String] = []
    var error: (any Error)?
  }

  private enum Outcome {
    case made
    case kept
    case elsewhere
    case failed(String, key: String)
  }

  /// How often it is looked whether another process has made a picture, in seconds.
  private static let waitingTime = 0.2

  /// Makes the pictures of the share.
  ///
  /// - Returns: What was made, and the keys of what could not be.
  func pictures(
    threads: Int, _ progress: @escaping @Sendable (Int) throws -> Void
  ) throws -> (Report, failed: [String]) {
    let state = Mutex(State(pending: share))
    while true {
      inParallel(threads) { while makeNext(state, progress) {} }
      let isDone = try state.withLock { state in
        if let error = state.error { throw error }
        (state.pending, state.elsewhere, state.next) = (state.elsewhere.sorted(), [], 0)
        try progress(state.done)
        return state.pending.isEmpty
      }
      if isDone { break }
      // Another process is making what is left: either it comes to an end or the process does.
      Thread.sleep(forTimeInterval: Self.waitingTime)
    }
    return state.withLock { state in
      state.report.failed.sort { $0.unit < $1.unit }
      return (state.report, state.failed)
    }
  }

  /// Makes the next picture.
  ///
  /// - Returns: Whether there was one.
  private func makeNext(
    _ state: borrowing Mutex<State>, _ progress: @Sendable (Int) throws -> Void
  ) -> Bool {
    let index: Int? = state.withLock { state in
      guard state.error == nil, state.next < state.pending.count else { return nil }
      defer { state.next += 1 }
      return state.pending[state.next]
    }
    guard let index else { return false }
    do {
      let outcome = try microscope.withinMemory { try picture(places[index]) }
      try state.withLock { state in
        switch outcome {
        case .elsewhere: state.elsewhere.append(index)
        case .made: state.report.made += 1
        case .kept: state.report.kept += 1
        case .failed(let reason, let key):
          state.report.failed.append((microscope.unit(places[index])?.title ?? "", reason))
          state.failed.append(key)
        }
        if case .elsewhere = outcome { return }
        state.done += 1
        try progress(state.done)
      }
    } catch {
      state.withLock { $0.error = $0.error ?? error }
    }
    return true
  }

  private func picture(_ place: Microscope.Place) throws -> Outcome {
    guard let plate = try microscope.icon(place) else {
      return .failed("there is no such unit", key: "")
    }
    if microscope.record(of: plate) != nil { return .kept }
    guard let lock = try FileLock.taken(on: plate.name, in: "\(folder)/pictures") else {
      return .elsewhere
    }
    defer { withExtendedLifetime(lock) {} }
    // It may have been made before the lock was free.
    if microscope.record(of: plate) != nil { return .kept }
    if part != nil, let reason = try failureNotes.reason(of: plate.key) {
      return .failed(reason, key: plate.key)
    }
    let kept = try microscope.cache.picture(of: plate.key) { try microscope.texts(of: plate, $0) }
    if let kept {
      try write(kept.file, "\(folder)/\(plate.address)")
      return .kept
    }
    do {
      let bytes = try microscope.rendered(plate, threads: 1).bytes
      try microscope.cache.keepIfPossible(bytes, as: plate.name) {
        try write(bytes, "\(folder)/\(plate.address)")
      }
      return .made
    } catch let error as FileError {
      throw error
    } catch {
      try failureNotes.keep(error, of: plate.key, named: plate.item.subject.description, write)
      return .failed("\(error)".withoutFolders, key: plate.key)
    }
  }
}
