package import SwiftProtobuf

#if canImport(FoundationEssentials)
  package import FoundationEssentials
#else
  package import Foundation
#endif

extension SwiftProtobuf.Message {
  /// Decodes a message; what goes wrong names the file.
  ///
  /// Nesting is bounded by swift-protobuf (100 messages deep), memory by a multiple of the bytes given.
  package init(decoding bytes: Data, of file: String) throws(ONNXError) {
    do {
      try self.init(serializedBytes: bytes)
    } catch {
      throw .malformed(file: file, reason: Self.reason(error, bytes: bytes))
    }
  }

  private static func reason(_ error: any Error, bytes: Data) -> String {
    if bytes.starts(with: Array("version https://git-lfs".utf8)) {
      return "it is a Git LFS pointer. Run `git lfs pull` to get the file itself."
    }
    switch error as? BinaryDecodingError {
    case .truncated:
      return "it ends in the middle (\(bytes.count) bytes). Download or export it again."
    case .messageDepthLimit:
      return "its messages are nested more than 100 deep, which no exporter writes."
    case .invalidUTF8:
      return "a name in it is not text (UTF-8). Download or export it again."
    default:
      return "its bytes are not protocol buffers. Is it another format, or a damaged download?"
    }
  }
}

extension SwiftProtobuf.Message {
  /// The message's bytes.
  ///
  /// - Throws: `.unreadable` when they do not fit into a message, which holds 2 GB at most.
  package func encoded(for file: String = "") throws(ONNXError) -> Data {
    do {
      return try serializedBytes()
    } catch {
      throw .unreadable(file: file, reason: "cannot be written: a message holds 2 GB at most")
    }
  }

  /// Encodes the message into a file.
  func write(to path: String) throws(ONNXError) {
    try encoded(for: path).write(toFile: path)
  }
}
