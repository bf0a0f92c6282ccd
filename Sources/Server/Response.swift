public import Foundation

/// What a server answers.
public struct Response: Sendable {
  /// The outcome.
  public enum Status: Int, Sendable {
    case ok = 200
    case seeOther = 303
    case badRequest = 400
    case forbidden = 403
    case notFound = 404
    case methodNotAllowed = 405
    case timeout = 408
    case tooLarge = 413
    case unprocessable = 422
    case headTooLarge = 431
    case failed = 500
    case busy = 503

    /// The words beside the number.
    var phrase: String {
      switch self {
      case .ok: "OK"
      case .seeOther: "See Other"
      case .badRequest: "Bad Request"
      case .forbidden: "Forbidden"
      case .notFound: "Not Found"
      case .methodNotAllowed: "Method Not Allowed"
      case .timeout: "Request Timeout"
      case .tooLarge: "Content Too Large"
      case .unprocessable: "Unprocessable Content"
      case .headTooLarge: "Request Header Fields Too Large"
      case .failed: "Internal Server Error"
      case .busy: "Service Unavailable"
      }
    }
  }

  /// What follows the headers.
  enum Body: Sendable {
    case data(Data)
    case events(@Sendable (EventStream) throws -> Void)
  }

  /// The outcome.
  public let status: Status
  /// Headers beside those that every answer has.
  public var headers: [(name: String, value: String)] = []
  let body: Body

  /// An answer that is there already.
  ///
  /// - Parameters:
  ///   - status: The outcome.
  ///   - type: The media type.
  ///   - data: The body.
  ///   - isLasting: Whether the same address never has another one.
  public init(
    _ status: Status = .ok, type: String, _ data: Data, isLasting: Bool = false
  ) {
    self.status = status
    body = .data(data)
    headers = [
      ("Content-Type", type),
      ("Cache-Control", isLasting ? "private, max-age=31536000, immutable" : "no-cache"),
    ]
  }

  /// A sentence.
  public init(_ status: Status, _ sentence: String) {
    self.init(status, type: "text/plain; charset=utf-8", Data((sentence + "\n").utf8))
  }

  /// Another address to go to.
  public init(seeOther address: String) {
    self.init(.seeOther, type: "text/plain; charset=utf-8", Data())
    headers.append(("Location", address))
  }

  /// Events as they happen.
  ///
  /// - Parameter work: Sends them; sending throws once nobody listens.
  public init(events work: @escaping @Sendable (EventStream) throws -> Void) {
    status = .ok
    body = .events(work)
    headers = [("Content-Type", "text/event-stream"), ("Cache-Control", "no-store")]
  }

  /// The first line and the headers, as they are sent.
  var head: Data {
    var lines = ["HTTP/1.1 \(status.rawValue) \(status.phrase)"]
    if case .data(let data) = body { lines.append("Content-Length: \(data.count)") }
    lines += headers.map { "\($0.name): \($0.value)" }
    lines += [
      "Connection: close", "X-Content-Type-Options: nosniff", "Referrer-Policy: no-referrer",
      "Cross-Origin-Resource-Policy: same-origin", "X-Frame-Options: DENY",
      "Content-Security-Policy: default-src 'none'; script-src 'self'; style-src 'self'; "
        + "img-src 'self' data: blob:; connect-src 'self'; form-action 'self'; base-uri 'none'",
    ]
    return Data((lines.joined(separator: "\r\n") + "\r\n\r\n").utf8)
  }
}
