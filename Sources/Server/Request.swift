public import Foundation

/// What somebody asks for.
public struct Request: Hashable, Sendable {
  /// The verb.
  public enum Method: String, Hashable, Sendable {
    case get = "GET"
    case head = "HEAD"
    case post = "POST"
  }

  /// The verb.
  public let method: Method
  /// The parts of the path between its slashes, decoded: none is empty or leads upwards; of `/a/` there is one.
  public var path: [String]
  /// Whether the path ends in a slash, as a folder's does: links of its page start within it.
  public let isFolder: Bool
  /// What stands behind the question mark, decoded; of two with one name the last.
  public let query: [String: String]
  /// Headers by their names in small letters.
  public let headers: [String: String]
  /// What is sent along.
  public var body = Data()

  /// Reads a head: a request line, and a header a line.
  ///
  /// - Throws: `Refusal` for whatever is no request.
  init(head: String) throws(Refusal) {
    var lines = head.components(separatedBy: "\r\n")
    let words = lines.removeFirst().split(separator: " ", omittingEmptySubsequences: false)
    guard words.count == 3, words[2] == "HTTP/1.1" || words[2] == "HTTP/1.0" else {
      throw Refusal(.badRequest, "the first line is no request of HTTP/1.1")
    }
    guard let method = Method(rawValue: String(words[0])) else {
      throw Refusal(.methodNotAllowed, "this server answers GET, HEAD and POST")
    }
    self.method = method
    let target = words[1].split(
      separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
    path = try Self.path(target.first ?? "")
    isFolder = target.first?.hasSuffix("/") ?? false
    query = try Self.query(target.count > 1 ? target[1] : "")
    headers = try Self.headers(lines)
  }

  private static func path(_ text: Substring) throws(Refusal) -> [String] {
    guard text.hasPrefix("/") else { throw Refusal(.badRequest, "the address has no path") }
    var parts: [String] = []
    for part in text.dropFirst().split(separator: "/", omittingEmptySubsequences: false) {
      guard let part = part.removingPercentEncoding, !part.contains("/"), !part.contains("\0"),
        part != ".", part != ".."
      else { throw Refusal(.badRequest, "the address is none of this server") }
      parts.append(part)
    }
    if parts.last == "" { parts.removeLast() }
    guard !parts.contains("") else {
      throw Refusal(.badRequest, "the address is none of this server")
    }
    return parts
  }

  private static func query(_ text: Substring) throws(Refusal) -> [String: String] {
    var query: [String: String] = [:]
    for pair in text.split(separator: "&") {
      let sides = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        .map { $0.replacing("+", with: " ").removingPercentEncoding }
      guard let name = sides[0], let value = sides.count > 1 ? sides[1] : "" else {
        throw Refusal(.badRequest, "the address has a percent sign without two digits")
      }
      query[name] = value
    }
    return query
  }

  private static func headers(_ lines: [String]) throws(Refusal) -> [String: String] {
    var headers: [String: String] = [:]
    for line in lines where !line.isEmpty {
      guard let colon = line.firstIndex(of: ":"), colon > line.startIndex,
        !line[..<colon].contains(where: \.isWhitespace)
      else { throw Refusal(.badRequest, "a header has no name") }
      let name = line[..<colon].lowercased()
      // Two of them could mean one thing to a server and another to what stands before it.
      guard headers[name] == nil || !["host", "content-length", "origin"].contains(name) else {
        throw Refusal(.badRequest, "the header \(name) is there twice")
      }
      headers[name] = line[line.index(after: colon)...].trimmingCharacters(in: .whitespaces)
    }
    return headers
  }
}

/// An answer instead of what was asked for.
struct Refusal: Error {
  let status: Response.Status
  let reason: String

  init(_ status: Response.Status, _ reason: String) {
    (self.status, self.reason) = (status, reason)
  }
}
