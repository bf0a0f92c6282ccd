import Foundation

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// A connection to a port of this machine that sends any bytes.
public final class RawClient {
  private let file: Int32

  /// Connects.
  ///
  /// - Throws: Where nobody listens.
  public init(port: UInt16) throws {
    #if canImport(Glibc)
      file = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    #else
      file = socket(AF_INET, SOCK_STREAM, 0)
    #endif
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = port.bigEndian
    address.sin_addr.s_addr = inet_addr("127.0.0.1")
    let status = withUnsafePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        connect(file, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
      }
    }
    guard status == 0 else { throw POSIXError(.ECONNREFUSED) }
  }

  deinit { close(file) }

  /// Ends the connection.
  public func hangUp() { _ = shutdown(file, Int32(SHUT_RDWR)) }

  /// Sends bytes; nobody may take them.
  ///
  /// - Parameters:
  ///   - text: The first.
  ///   - bytes: What follows.
  public func send(_ text: String, then bytes: [UInt8] = []) {
    var rest = (Array(text.utf8) + bytes)[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes { bytes in
        #if canImport(Darwin)
          Darwin.send(file, bytes.baseAddress, bytes.count, 0)
        #else
          Glibc.send(file, bytes.baseAddress, bytes.count, Int32(MSG_NOSIGNAL))
        #endif
      }
      guard count > 0 else { return }
      rest = rest.dropFirst(count)
    }
  }

  /// Everything that comes until the other side ends.
  public func answer() -> String {
    var result: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 4096)
    while case let count = recv(file, &buffer, buffer.count, 0), count > 0 {
      result += buffer[..<count]
    }
    return String(decoding: result, as: UTF8.self)
  }

  /// What comes first.
  public func firstBytes() -> String {
    var buffer = [UInt8](repeating: 0, count: 4096)
    let count = recv(file, &buffer, buffer.count, 0)
    return String(decoding: buffer[..<max(0, count)], as: UTF8.self)
  }
}
