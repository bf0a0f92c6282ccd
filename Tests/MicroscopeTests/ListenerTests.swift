import Foundation
import Galleries
import Imaging
@testable import Microscope
import Networks
import Portraits
@testable import Server
import TestSupport
import Testing

/// What is done for those who listen: it ends with the last of them.
@Suite struct ListenerTests {
  private struct NeverError: Error {}

  /// Waits until something is so; a failure after 30 seconds.
  private func wait(until condition: () throws -> Bool) throws {
    for _ in 0..<3000 {
      if try condition() { return }
      Thread.sleep(forTimeInterval: 0.01)
    }
    throw NeverError()
  }

  private func inServer(
    pictures count: Int = 0, _ body: (Microscope, UInt16, URL) throws -> Void
  ) throws {
    let folder = try TemporaryFolder()
    try FileManager.default.createDirectory(
      atPath: folder.path + "/pictures", withIntermediateDirectories: true)
    for index in 0..<count {
      try Picture(width: 20, height: 20, filledWith: Color(UInt32(0x203040 * (index + 1))))
        .write(to: "\(folder.path)/pictures/\(index).png")
    }
    let network = try smallNetwork(side: 96).overriding(metadata: ["input.range": "0,1"])
    let microscope = try Microscope(
      network, cache: PictureCache(folder: folder.path + "/cache"),
      pictures: count > 0 ? folder.path + "/pictures" : nil,
      provenance: Provenance(software: "visualize test", command: ""), threads: 2)
    let site = Site([microscope])
    let server = try Server(port: 0) { site.response(to: $0) }
    let ended = DispatchSemaphore(value: 0)
    Thread {
      try? server.run()
      ended.signal()
    }.start()
    let result = Result { try body(microscope, server.port, URL(filePath: folder.path + "/cache")) }
    try server.stop()
    ended.wait()
    try result.get()
  }

  private func ask(_ address: String, _ port: UInt16) throws -> RawClient {
    let client = try RawClient(port: port)
    client.send("GET \(address) HTTP/1.1\r\nHost: 127.0.0.1:\(port)\r\n\r\n")
    return client
  }

  /// Has a photograph taken.
  private func photograph(_ port: UInt16) throws -> String {
    var picture = Picture(width: 96, height: 96, filledWith: Color(0x336699))
    picture.fill(Color(0xFFCC00), x: 20, y: 30, width: 40, height: 25)
    let bytes = try picture.png()
    let client = try RawClient(port: port)
    client.send(
      "POST /photographs HTTP/1.1\r\nHost: 127.0.0.1:\(port)\r\nContent-Length: \(bytes.count)\r\n\r\n",
      then: bytes)
    let answer = try #require(client.answer().firstMatch(of: /([0-9a-f]{32})\.html/))
    return String(answer.1)
  }

  private func request(_ address: String) throws -> Request {
    try Request(head: "GET \(address) HTTP/1.1\r\nHost: x")
  }

  @Test func workEndsWithTheLastWhoListens() throws {
    let (broadcasts, gate) = (Broadcasts(), DispatchSemaphore(value: 0))
    let work: @Sendable (Broadcast) -> Void = { broadcast in
      gate.wait()
      if (try? broadcast.check()) != nil { broadcast.send("map", 1) }
    }
    let first = broadcasts.join(try request("/a?b=1"), work)
    first.leave()
    #expect(first.isAbandoned && broadcasts.all.count == 1)
    // It begins anew for the next two, one of whom leaves again.
    let second = broadcasts.join(try request("/a?b=1"), work)
    let third = broadcasts.join(try request("/a?b=1"), work)
    #expect(second !== first && third === second && second.listenerCount == 2)
    let other = broadcasts.join(try request("/a?b=2"), work)
    #expect(other !== second && broadcasts.all.count == 2)
    second.leave()
    #expect(!second.isAbandoned && second.listenerCount == 1)
    for _ in 0..<3 { gate.signal() }
    try wait { broadcasts.all.isEmpty }
    #expect(first.eventNames == [] && second.eventNames == ["map"] && other.eventNames == ["map"])
  }

  @Test func whatHasAGraceGoesOnForWhoComesNext() throws {
    let gate = DispatchSemaphore(value: 0)
    func left(grace: Double) -> Broadcast {
      let broadcast = Broadcast(grace: grace)
      _ = broadcast.join()
      broadcast.begin { _ in gate.wait() }
      broadcast.leave()
      return broadcast
    }
    let long = left(grace: 600)
    #expect(!long.isAbandoned && long.join())
    let short = left(grace: 0.01)
    try wait { short.isAbandoned }
    #expect(!short.join())
    for _ in 0..<2 { gate.signal() }
  }

  @Test func aMapArrives() throws {
    try inServer { microscope, port, _ in
      let heard = try ask(
        "/photographs/\(try photograph(port))/maps?unit=cat&methods=rise", port
      ).answer()
      #expect(heard.contains("event: map") && heard.contains("data:image/png;base64,"))
      #expect(heard.contains("event: end") && !heard.contains("event: failure"))
    }
  }

  @Test func anAscentThatNobodyWatchesLeavesNothing() throws {
    try inServer { microscope, port, cache in
      let watcher = try ask("/ascents?unit=edges/0&steps=1000000", port)
      try wait { microscope.broadcasts.all.first?.eventNames.contains("step") == true }
      // Of what passes, the last is kept for whoever comes later.
      #expect(microscope.broadcasts.all.first?.eventNames == ["step"])
      watcher.hangUp()
      try wait { microscope.broadcasts.all.isEmpty }
      let kept = FileManager.default.enumerator(atPath: cache.path)?.allObjects as? [String]
      #expect(!(kept ?? []).contains { $0.hasSuffix(".png") })
      let made = try ask("/ascents?unit=edges/0&steps=2", port)
      #expect(made.answer().contains("event: done"))
    }
  }

  @Test func aFoldersPicturesAreLookedAtForWhoListens() throws {
    try inServer(pictures: 3) { microscope, port, cache in
      let natural = try #require(microscope.natural)
      #expect(throws: ListenerIsGone.self) {
        try natural.look(at: microscope.layers, keeping: microscope.cache) { _ in
          throw ListenerIsGone()
        }
      }
      let kept = FileManager.default.enumerator(atPath: cache.path)?.allObjects as? [String]
      #expect(!natural.isLookedAt && !(kept ?? []).contains { $0.hasSuffix(".peaks") })
      for base in ["/", "/prepared/RGB;0,2;0;1/"] {
        let before = try ask(base + "units/edges/0.html", port).answer()
        #expect(before.contains("looking\" hidden data-base=\"\(base)\">3 pictures are being"))
        #expect(!before.contains("Pictures that excite it most"))
        let heard = try ask(base + "looking", port).answer()
        #expect(heard.contains("{\"share\":1}") && heard.contains("event: end"))
        let after = try ask(base + "units/edges/0.html", port).answer()
        #expect(after.contains("Pictures that excite it most") && !after.contains("looking"))
      }
    }
  }

  @Test func whoIsTooLateIsToldSo() throws {
    let (broadcast, gate) = (Broadcast(), DispatchSemaphore(value: 0))
    #expect(broadcast.join())
    broadcast.begin {
      gate.wait()
      $0.send("done", 1)
    }
    gate.signal()
    try wait { !broadcast.join() }
    // All leave what has ended: it was not given up.
    for _ in 0..<broadcast.listenerCount { broadcast.leave() }
    #expect(broadcast.listenerCount == 0 && !broadcast.isAbandoned)
    #expect(throws: Never.self) { try broadcast.check() }
  }
}
