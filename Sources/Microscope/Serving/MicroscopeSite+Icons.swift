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
    return Response { stream in
      let listener = Listener(stream)
      let next = Mutex(0)
      inParallel(microscope.threads) {
        while !listener.isGone {
          let index = next.withLock { next in
            defer { next += 1 }
            return next
          }
          guard index < places.count else { return }
          let (identifier, place) = places[index]
          do {
            let event = try icon(place, identifier, listener)
            listener.send("icon", event)
          } catch is ListenerIsGone {
            return
          } catch {
            listener.send(
              "failure", IconEvent(unit: identifier, words: "\(error)".withoutFolders))
          }
        }
      }
      listener.send("end", IconEvent(unit: ""))
    }
  }

  private struct IconEvent: Encodable {
    let unit: String
    var picture: String?
    var words: String?
  }

  private func icon(
    _ place: Microscope.Place, _ identifier: String, _ listener: Listener
  ) throws -> IconEvent {
    try microscope.withinMemory {
      guard let plate = try microscope.icon(place) else { throw ListenerIsGone() }
      let record =
        try microscope.record(of: plate)
        ?? microscope.bench.work(check: listener.check) { threads in
          try microscope.make(plate, threads: threads) { _ in try listener.check() }
        }
      return IconEvent(unit: identifier, picture: plate.address, words: record.caption)
    }
  }
}

/// Does the same work in several threads at a time, and waits for all.
///
/// - Parameters:
///   - count: How many threads.
///   - work: What each does.
func inParallel(_ count: Int, _ work: @escaping @Sendable () -> Void) {
  let group = DispatchGroup()
  for _ in 0..<max(1, count) {
    group.enter()
    let thread = Thread {
      work()
      group.leave()
    }
    thread.stackSize = 8 << 20
    thread.start()
  }
  group.wait()
}

/// Whoever listens to one stream, from several threads.
final class Listener: Sendable {
  private let stream: Mutex<EventStream>
  private let gone = Atomic<Bool>(false)

  init(_ stream: EventStream) { self.stream = Mutex(stream) }

  /// Whether nobody listens any more, as far as is known.
  var isGone: Bool { gone.load(ordering: .relaxed) }

  /// Throws once nobody listens.
  func check() throws {
    if isGone { throw ListenerIsGone() }
    do {
      try stream.withLock { try $0.check() }
    } catch {
      gone.store(true, ordering: .relaxed)
      throw ListenerIsGone()
    }
  }

  /// Sends an event; nobody may hear it.
  func send(_ name: String, _ event: some Encodable) {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    // Floats that JSON has no word for are no news.
    encoder.nonConformingFloatEncodingStrategy = .convertToString(
      positiveInfinity: "∞", negativeInfinity: "-∞", nan: "NaN")
    do {
      let data = String(decoding: try encoder.encode(event), as: UTF8.self)
      try stream.withLock { try $0.send(name, data) }
    } catch {
      gone.store(true, ordering: .relaxed)
    }
  }
}
