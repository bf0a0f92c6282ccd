import Foundation
import Galleries
import Portraits
import Server
import Synchronization

extension MicroscopeSite {
  /// The most small pictures of one request.
  private static let mostIcons = 4096

  /// Makes small pictures, each an event when it is there, the first that were asked for first.
  func icons(_ request: Request) -> Response {
    let places = (request.query["units"] ?? "").split(separator: ",").prefix(Self.mostIcons)
      .map(String.init).compactMap { identifier in place(of: identifier).map { (identifier, $0) } }
    return events(request) { broadcast in
      let next = Mutex(0)
      inParallel(microscope.threads, givingWay: true) {
        while !broadcast.isAbandoned {
          let index = next.withLock { next in
            defer { next += 1 }
            return next
          }
          guard index < places.count else { return }
          let (identifier, place) = places[index]
          do {
            broadcast.send("icon", try icon(place, identifier, broadcast))
          } catch {
            broadcast.send(
              "failure", IconEvent(unit: identifier, words: "\(error)".withoutFolders))
          }
        }
      }
    }
  }

  private struct IconEvent: Encodable {
    let unit: String
    var picture: String?
    var words: String?
  }

  private func icon(
    _ place: Microscope.Place, _ identifier: String, _ broadcast: Broadcast
  ) throws -> IconEvent {
    try microscope.withinMemory {
      guard let plate = try microscope.icon(place) else {
        throw NoUnitError(identifier: identifier)
      }
      let record =
        try microscope.record(of: plate)
        ?? microscope.bench.work(check: broadcast.check) { threads in
          try microscope.make(plate, threads: threads) { _ in try broadcast.check() }
        }
      return IconEvent(unit: identifier, picture: plate.address, words: record.caption)
    }
  }
}

/// A small picture of what the network does not have.
private struct NoUnitError: Error, CustomStringConvertible {
  let identifier: String

  var description: String { "there is no unit \(identifier)" }
}

/// Does the same work in several threads at a time, and waits for all.
///
/// - Parameters:
///   - count: How many threads.
///   - givesWay: Whether they give way to threads that answer requests.
///   - work: What each does.
func inParallel(
  _ count: Int, givingWay givesWay: Bool = false, _ work: @escaping @Sendable () -> Void
) {
  let group = DispatchGroup()
  for _ in 0..<max(1, count) {
    group.enter()
    BackgroundThread.start(givingWay: givesWay) {
      work()
      group.leave()
    }
  }
  group.wait()
}
