import Files
public import Memory

/// What can be wrong with a file, said so that its owner knows what to do.
public enum ONNXError: Error, Equatable, CustomStringConvertible {
  /// The file cannot be opened, read or written.
  case unreadable(file: String, reason: String)

  /// The bytes are not the message that they should be.
  case malformed(file: String, reason: String)

  /// A tensor's description and its bytes disagree, or its kind is not supported.
  case tensor(file: String, name: String, reason: String)

  /// Bytes for which there is no room in the memory that may be taken: of a file, or of one of its tensors.
  case noRoom(file: String, tensor: String?, needed: Int, limit: Int)

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
    case .noRoom(let file, nil, let needed, let limit):
      "\(file): it has \(MemoryError.amount(needed)), and \(MemoryError.amount(limit)) of memory may be taken"
    case .noRoom(let file, let name?, let needed, let limit):
      "\(file.isEmpty ? "" : "\(file): ")tensor '\(name)': needs \(MemoryError.amount(needed)), more than the "
        + "memory that may be taken has room for (\(MemoryError.amount(limit)))."
    case .attribute(let node, let name, let reason):
      "node \(node): attribute '\(name)' \(reason)"
    }
  }
}

extension ONNXError: ShortageOfMemory {
  /// Whether there was no room for a file or a tensor.
  public var isShortageOfMemory: Bool { if case .noRoom = self { true } else { false } }
}
