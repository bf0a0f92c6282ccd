import Files

/// What can be wrong with a file, said so that its owner knows what to do.
public enum ONNXError: Error, Equatable, CustomStringConvertible {
  /// The file cannot be opened, read or written.
  case unreadable(file: String, reason: String)

  /// The bytes are not the message that they should be.
  case malformed(file: String, reason: String)

  /// A tensor's description and its bytes disagree, or its kind is not supported.
  case tensor(file: String, name: String, reason: String)

  /// An attribute of a node is missing or of the wrong kind.
  case attribute(node: String, name: String, reason: String)

  /// One sentence or two: where, what, and the way out.
  public var description: String { sentence.withVisibleControlsInLines }

  private var sentence: String {
    switch self {
    case .unreadable(let file, let reason):
      "\(file): \(reason)"
    case .malformed(let file, let reason):
      "\(file) is not a readable ONNX file: \(reason)"
    case .tensor(let file, let name, let reason):
      "\(file.isEmpty ? "" : "\(file): ")tensor '\(name)': \(reason)"
    case .attribute(let node, let name, let reason):
      "node \(node): attribute '\(name)' \(reason)"
    }
  }
}
