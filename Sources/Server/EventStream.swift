import Foundation

/// Somebody who listens to events as they happen: server-sent events of the HTML standard.
public struct EventStream: Sendable {
  private let connection: Connection

  init(_ connection: Connection) { self.connection = connection }

  /// Sends an event.
  ///
  /// - Parameters:
  ///   - name: What it is.
  ///   - data: One line.
  /// - Throws: `ListenerIsGone`.
  public func send(_ name: String, _ data: String) throws {
    try connection.write(Data("event: \(name)\ndata: \(data)\n\n".utf8))
  }

  /// Throws once nobody listens.
  public func check() throws {
    if !connection.isOpen { throw ListenerIsGone() }
  }
}

/// Nobody listens any more: whatever is done for them may end.
public struct ListenerIsGone: Error {
  /// Creates the error.
  public init() {}
}
