import FlyingSocks
import Foundation
import Synchronization

/// An HTTP server for browsers on this machine.
///
/// It listens on the loopback interface only, and answers only who names it by that: a page from elsewhere whose name was
/// pointed here (DNS rebinding), or that posts across origins, is refused. Each connection is one request and one thread.
public final class Server: Sendable {
  /// Answers a request.
  public typealias Handler = @Sendable (Request) -> Response

  private let socket: Socket
  private let limits: Limits
  private let handler: Handler
  private let open = Mutex(0)
  private let turnstile: Turnstile
  private let isStopped = Atomic<Bool>(false)
  /// The port it listens on.
  public let port: UInt16

  /// Begins to listen.
  ///
  /// - Parameters:
  ///   - port: The port; 0: one that is free.
  ///   - limits: What is taken from whoever asks.
  ///   - handler: Answers requests, from many threads.
  /// - Throws: `ServerError` where the port is taken.
  public init(port: UInt16, limits: Limits = Limits(), handler: @escaping Handler) throws {
    (self.limits, self.handler) = (limits, handler)
    turnstile = Turnstile(places: limits.atOnce)
    do {
      socket = try Socket(domain: Int32(sockaddr_in.family))
      try socket.setValue(true, for: .localAddressReuse)
      try socket.bind(to: .inet(ip4: "127.0.0.1", port: port))
      try socket.listen()
      guard case .ip4(_, let taken) = try socket.sockname() else { throw ServerError(port: port) }
      self.port = taken
    } catch {
      throw ServerError(port: port)
    }
  }

  /// Where a browser finds it.
  public var address: String { "http://127.0.0.1:\(port)/" }

  /// Listens no more.
  ///
  /// `run()` returns, and the port is free; who has asked is answered to the end.
  ///
  /// - Throws: `SocketError` where it does not listen.
  package func stop() throws {
    isStopped.store(true, ordering: .releasing)
    // One more connection wakes who waits for connections.
    let last = try Socket(domain: Int32(sockaddr_in.family))
    try last.connect(to: .inet(ip4: "127.0.0.1", port: port))
    try last.close()
  }

  /// Answers, until it is stopped.
  ///
  /// - Throws: `ServerError` where no more connections can be taken.
  public func run() throws {
    while true {
      let file: Socket.FileDescriptor
      do {
        file = try socket.accept().file
      } catch SocketError.failed(_, let number, _)
        where [EINTR, ECONNABORTED, EMFILE, ENFILE].contains(number)
      {
        // Whoever it was has gone, or others have to go first.
        if number != EINTR { Thread.sleep(forTimeInterval: 0.05) }
        continue
      } catch {
        throw ServerError(port: port)
      }
      if isStopped.load(ordering: .acquiring) {
        // Whoever it was has been told enough by the end.
        try? Socket(file: file).close()
        try? socket.close()
        return
      }
      serve(file)
    }
  }

  private func serve(_ file: Socket.FileDescriptor) {
    guard let connection = try? Connection(file, limits) else {
      // It has gone already.
      try? Socket(file: file).close()
      return
    }
    let count = open.withLock { count in
      count += 1
      return count
    }
    let thread = Thread { [self] in
      defer {
        connection.close()
        open.withLock { $0 -= 1 }
      }
      let isFull = count > limits.connections
      answer(connection, isFull: isFull)
    }
    thread.stackSize = 8 << 20
    thread.start()
  }

  /// Reads a request and answers it; whoever leaves in between needs no answer.
  private func answer(_ connection: Connection, isFull: Bool) {
    do {
      do {
        if isFull { throw Refusal(.busy, "there are too many connections; try again") }
        let request = try connection.request()
        try checkOrigin(of: request)
        let response = turnstile.pass { handler(request) }
        try send(response, to: connection, isHead: request.method == .head)
      } catch let refusal as Refusal {
        try send(Response(refusal.status, refusal.reason), to: connection, isHead: false)
      }
    } catch {
      return
    }
  }

  private func send(_ response: Response, to connection: Connection, isHead: Bool) throws {
    try connection.write(response.head)
    if isHead { return }
    switch response.body {
    case .data(let data): try connection.write(data)
    case .events(let work): try work(EventStream(connection))
    }
  }

  /// Refuses who was led here by another page.
  private func checkOrigin(of request: Request) throws(Refusal) {
    let hosts = ["127.0.0.1:\(port)", "localhost:\(port)"]
    guard let host = request.headers["host"], hosts.contains(host.lowercased()) else {
      throw Refusal(.forbidden, "this server goes by \(hosts[0])")
    }
    let origin = request.headers["origin"]
    guard origin == nil || hosts.contains(where: { origin == "http://\($0)" }) else {
      throw Refusal(.forbidden, "this server answers its own pages only")
    }
    // Another page may lead here by a link, and no other way.
    let isLink = request.method == .get && request.headers["sec-fetch-dest"] == "document"
    let site = request.headers["sec-fetch-site"] ?? "none"
    guard isLink || ["none", "same-origin"].contains(site) else {
      throw Refusal(.forbidden, "this server answers its own pages only")
    }
  }
}

/// A port that cannot be listened on.
public struct ServerError: Error, Hashable, CustomStringConvertible {
  /// The port.
  public let port: UInt16

  /// What is wrong and what to do.
  public var description: String {
    "port \(port) cannot be listened on, probably since another program does; take another one"
  }
}
