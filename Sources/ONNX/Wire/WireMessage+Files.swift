#if canImport(FoundationEssentials)
  package import FoundationEssentials
#else
  package import Foundation
#endif

extension WireMessage {
  /// Decodes a message; what goes wrong names the file.
  ///
  /// Nesting is bounded (100 messages deep), memory by a multiple of the bytes given.
  package init(decoding bytes: Data, of file: String) throws(ONNXError) {
    self.init()
    let error = bytes.withUnsafeBytes { buffer -> WireError? in
      var reader = WireReader(buffer)
      do throws(WireError) {
        try reader.readFields(of: &self)
        return nil
      } catch {
        return error
      }
    }
    if let error { throw .malformed(file: file, reason: Self.reason(error, bytes: bytes)) }
  }

  private static func reason(_ error: WireError, bytes: Data) -> String {
    if bytes.starts(with: Array("version https://git-lfs".utf8)) {
      return "it is a Git LFS pointer. Run `git lfs pull` to get the file itself."
    }
    switch error {
    case .truncated:
      return "it ends in the middle (\(bytes.count) bytes). Download or export it again."
    case .tooDeep:
      return
        "its messages are nested more than \(WireReader.deepest) deep, which no exporter writes."
    case .notText:
      return "a name in it is not text (UTF-8). Download or export it again."
    case .malformed:
      return "its bytes are not protocol buffers. Is it another format, or a damaged download?"
    }
  }

  /// The message's bytes.
  ///
  /// - Throws: `.unreadable` when they do not fit into a message, which holds 2 GB at most.
  package func encoded(for file: String = "") throws(ONNXError) -> Data {
    var writer = WireWriter()
    write(to: &writer)
    guard writer.bytes.count <= Int(Int32.max) else {
      throw .unreadable(file: file, reason: "cannot be written: a message holds 2 GB at most")
    }
    return writer.bytes
  }

  /// Encodes the message into a file.
  func write(to path: String) throws(ONNXError) {
    try encoded(for: path).write(toFile: path)
  }
}
