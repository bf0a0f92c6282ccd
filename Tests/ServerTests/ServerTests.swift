import Foundation
import Server
import Synchronization
import TestSupport
import Testing

@Suite struct ServerTests {
  private static let echo: Server.Handler = { request in
    Response(
      type: "text/plain",
      Data(
        "\(request.method) \(request.path) \(request.query.sorted { $0.key < $1.key }) \(request.body.count)"
          .utf8))
  }

  /// A server at work on a free port; it stays for as long as the tests run.
  private func server(
    _ limits: Limits = Limits(), _ handler: @escaping Server.Handler = echo
  ) throws -> Server {
    let server = try Server(port: 0, limits: limits, handler: handler)
    Thread { try? server.run() }.start()
    return server
  }

  private func answer(to text: String, from server: Server) throws -> String {
    let client = try RawClient(port: server.port)
    client.send(text.replacing("PORT", with: "\(server.port)"))
    return client.answer()
  }

  private func status(of answer: String) -> String {
    String(answer.dropFirst("HTTP/1.1 ".count).prefix(3))
  }

  @Test func itAnswersWhatIsAsked() throws {
    let server = try server()
    let answer = try answer(
      to: "GET /a%20b/c?x=1%2C2&y=%C3%A4+z HTTP/1.1\r\nHost: 127.0.0.1:PORT\r\n\r\n", from: server)
    #expect(status(of: answer) == "200")
    #expect(
      answer.hasSuffix(#"get ["a b", "c"] [(key: "x", value: "1,2"), (key: "y", value: "ä z")] 0"#))
    #expect(answer.contains("Content-Security-Policy: default-src 'none';"))
    let posted = try self.answer(
      to: "POST /p HTTP/1.1\r\nHost: localhost:PORT\r\nContent-Length: 5\r\n\r\n12345", from: server
    )
    #expect(posted.hasSuffix(#"post ["p"] [] 5"#))
    let head = try self.answer(
      to: "HEAD / HTTP/1.1\r\nHost: localhost:PORT\r\n\r\n", from: server)
    #expect(head.contains("Content-Length: ") && head.hasSuffix("\r\n\r\n"))
  }

  @Test(arguments: [
    ("GET /../etc/passwd HTTP/1.1\r\nHost: 127.0.0.1:PORT\r\n\r\n", "400"),
    ("GET /a/%2e%2e/b HTTP/1.1\r\nHost: 127.0.0.1:PORT\r\n\r\n", "400"),
    ("GET /a%2Fb HTTP/1.1\r\nHost: 127.0.0.1:PORT\r\n\r\n", "400"),
    ("GET /a%00 HTTP/1.1\r\nHost: 127.0.0.1:PORT\r\n\r\n", "400"),
    ("GET //a HTTP/1.1\r\nHost: 127.0.0.1:PORT\r\n\r\n", "400"),
    ("GET /%zz HTTP/1.1\r\nHost: 127.0.0.1:PORT\r\n\r\n", "400"),
    ("GET /?a=%f HTTP/1.1\r\nHost: 127.0.0.1:PORT\r\n\r\n", "400"),
    ("DELETE / HTTP/1.1\r\nHost: 127.0.0.1:PORT\r\n\r\n", "405"),
    ("GET / HTTP/3\r\nHost: 127.0.0.1:PORT\r\n\r\n", "400"),
    ("nonsense\r\n\r\n", "400"),
    ("GET / HTTP/1.1\r\n\r\n", "403"),
    ("GET / HTTP/1.1\r\nHost: evil.example:PORT\r\n\r\n", "403"),
    ("GET / HTTP/1.1\r\nHost: 127.0.0.1:PORT\r\nHost: evil.example\r\n\r\n", "400"),
    (
      "POST / HTTP/1.1\r\nHost: 127.0.0.1:PORT\r\nOrigin: http://evil.example\r\nContent-Length: 0\r\n\r\n",
      "403"
    ),
    ("POST / HTTP/1.1\r\nHost: 127.0.0.1:PORT\r\nOrigin: null\r\nContent-Length: 0\r\n\r\n", "403"),
    (
      "GET /x HTTP/1.1\r\nHost: 127.0.0.1:PORT\r\nSec-Fetch-Site: cross-site\r\nSec-Fetch-Dest: image\r\n\r\n",
      "403"
    ),
    (
      "GET /x HTTP/1.1\r\nHost: 127.0.0.1:PORT\r\nSec-Fetch-Site: cross-site\r\nSec-Fetch-Dest: document\r\n\r\n",
      "200"
    ),
    ("POST / HTTP/1.1\r\nHost: 127.0.0.1:PORT\r\nContent-Length: 99999999999\r\n\r\n", "413"),
    ("POST / HTTP/1.1\r\nHost: 127.0.0.1:PORT\r\nContent-Length: -1\r\n\r\n", "400"),
    (
      "POST / HTTP/1.1\r\nHost: 127.0.0.1:PORT\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
      "400"
    ),
    ("GET / HTTP/1.1\r\nHost: 127.0.0.1:PORT\r\nno colon\r\n\r\n", "400"),
  ])
  func whatIsNoRequestIsRefused(text: String, expected: String) throws {
    #expect(status(of: try answer(to: text, from: server())) == expected)
  }

  @Test func headsHaveALimit() throws {
    let text =
      "GET / HTTP/1.1\r\nHost: 127.0.0.1:PORT\r\nX: " + String(repeating: "a", count: 20_000)
    #expect(status(of: try answer(to: text, from: server())) == "431")
  }

  @Test func whoSendsNothingIsNotWaitedForWithoutEnd() throws {
    var limits = Limits()
    limits.seconds = 1
    #expect(status(of: try answer(to: "GET / HT", from: server(limits))) == "408")
  }

  @Test func connectionsHaveALimit() throws {
    var limits = Limits()
    limits.connections = 2
    let server = try server(limits)
    // Two that say nothing hold both places.
    let first = try RawClient(port: server.port)
    let second = try RawClient(port: server.port)
    let third = try RawClient(port: server.port)
    #expect(status(of: third.answer()) == "503")
    first.hangUp()
    second.hangUp()
  }

  @Test func eventsComeAsTheyHappen() throws {
    let server = try server { _ in
      Response { stream in
        try stream.send("step", "1")
        try stream.send("step", "2")
      }
    }
    let answer = try answer(
      to: "GET / HTTP/1.1\r\nHost: 127.0.0.1:PORT\r\n\r\n", from: server)
    #expect(answer.contains("Content-Type: text/event-stream"))
    #expect(answer.hasSuffix("\r\n\r\nevent: step\ndata: 1\n\nevent: step\ndata: 2\n\n"))
  }

  @Test func workEndsWhenNobodyListens() throws {
    let ended = DispatchSemaphore(value: 0)
    let server = try server { _ in
      Response { stream in
        defer { ended.signal() }
        try stream.send("step", "1")
        while true {
          try stream.check()
          Thread.sleep(forTimeInterval: 0.002)
        }
      }
    }
    let client = try RawClient(port: server.port)
    client.send("GET / HTTP/1.1\r\nHost: 127.0.0.1:\(server.port)\r\n\r\n")
    #expect(client.firstBytes().hasPrefix("HTTP/1.1 200"))
    client.hangUp()
    #expect(ended.wait(timeout: .now() + 30) == .success)
  }

  @Test func aPortThatIsTakenIsSaid() throws {
    let server = try server()
    #expect(throws: ServerError.self) {
      try Server(port: server.port, handler: Self.echo)
    }
  }
}
