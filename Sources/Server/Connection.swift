import FlyingSocks
import Foundation

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// Bytes from and to one who asks, within limits of size and time.
///
/// The sockets are FlyingFox's. Its server is not used: it takes heads of any length, waits for them without end, and
/// does not notice that nobody listens any more until it writes.
struct Connection: Sendable {
  private let socket: Socket
  private let limits: Limits

  init(_ file: Socket.FileDescriptor, _ limits: Limits) throws {
    socket = Socket(file: file)
    self.limits = limits
    #if canImport(Darwin)
      try socket.setValue(true, for: .noSIGPIPE)
    #endif
    try socket.setValue(limits.seconds, for: TimeLimit(name: SO_SNDTIMEO))
  }

  func close() {
    // Nobody is left to be told.
    try? socket.close()
  }

  /// A request, whole.
  ///
  /// - Throws: `Refusal`; `ListenerIsGone` where nothing comes.
  func request() throws -> Request {
    let deadline = ContinuousClock.now + .seconds(limits.seconds)
    var bytes: [UInt8] = []
    var end: Int?
    while end == nil {
      let part = try read(until: deadline)
      // The end may lie across two parts.
      let start = max(0, bytes.count - 3)
      bytes += part
      end = bytes[start...].firstRange(of: Self.headEnd)?.lowerBound
      guard end ?? bytes.count <= limits.head else {
        throw Refusal(.headTooLarge, "the headers are longer than \(limits.head) bytes")
      }
    }
    let head = bytes[..<(end ?? 0)]
    guard let text = String(validating: head, as: UTF8.self) else {
      throw Refusal(.badRequest, "the headers are no text")
    }
    var request = try Request(head: text)
    request.body = try body(
      of: request, after: Array(bytes[(head.count + Self.headEnd.count)...]), until: deadline)
    return request
  }

  private static let headEnd = Array("\r\n\r\n".utf8)

  private func body(
    of request: Request, after start: [UInt8], until deadline: ContinuousClock.Instant
  ) throws -> Data {
    guard request.headers["transfer-encoding"] == nil else {
      throw Refusal(.badRequest, "a body needs its length beforehand")
    }
    guard let length = request.headers["content-length"] else { return Data() }
    guard length.allSatisfy({ $0.isASCII && $0.isNumber }), let count = Int(length) else {
      throw Refusal(.badRequest, "the length of the body is no number")
    }
    guard count <= limits.body else {
      throw Refusal(.tooLarge, "this server takes \(limits.body >> 20) MB at most")
    }
    var body = Data(start)
    while body.count < count { body += try read(until: deadline) }
    return body.prefix(count)
  }

  /// What is there, waited for until a time.
  private func read(until deadline: ContinuousClock.Instant) throws -> [UInt8] {
    let left = ContinuousClock.now.duration(to: deadline)
    guard left > .zero else { throw Refusal(.timeout, "the request took too long") }
    try socket.setValue(
      max(1, Int(left.components.seconds)), for: TimeLimit(name: SO_RCVTIMEO))
    do {
      return try socket.read(atMost: 16 << 10)
    } catch SocketError.blocked {
      throw Refusal(.timeout, "the request took too long")
    } catch {
      throw ListenerIsGone()
    }
  }

  /// Sends bytes.
  ///
  /// - Throws: `ListenerIsGone` where nobody takes them.
  func write(_ data: Data) throws {
    var sent = data.startIndex
    do {
      while sent < data.endIndex { sent = try socket.write(data, from: sent) }
    } catch {
      throw ListenerIsGone()
    }
  }

  /// Whether there is still somebody at the other end.
  var isOpen: Bool {
    var byte: UInt8 = 0
    let count = recv(socket.file.rawValue, &byte, 1, Int32(MSG_PEEK) | Int32(MSG_DONTWAIT))
    return count > 0 || count < 0 && (errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR)
  }
}

/// A limit of seconds for a socket's reading or writing.
private struct TimeLimit: SocketOption {
  let level = SOL_SOCKET
  let name: Int32

  func makeValue(from value: timeval) -> Int { Int(value.tv_sec) }
  func makeSocketValue(from seconds: Int) -> timeval { timeval(tv_sec: seconds, tv_usec: 0) }
}
