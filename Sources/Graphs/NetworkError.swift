import Blocks
public import Memory
public import Tensors

/// Why a network cannot be read or run; each says what to do.
public enum NetworkError: Error, Equatable, CustomStringConvertible {
  /// Operators without an implementation here, each with its node.
  case unsupported([String])
  /// A node whose inputs do not fit it.
  case invalidNode(String, reason: String)
  /// A node that has to know numbers before the network runs, such as those that its result's shape follows
  /// from, and they depend on the picture.
  case dependsOnValues(String, reason: String)
  /// A value that nothing in the graph makes.
  case missingValue(String)
  /// Nodes that wait for each other.
  case cyclic([String])
  /// A layer that the network does not have, with the names most like it.
  case unknownLayer(String, candidates: [String])
  /// A channel beyond a layer's last.
  case channelOutOfRange(layer: String, channel: Int, channels: Int)
  /// A class token of a layer that has none.
  case noClassToken(layer: String)
  /// A position of a layer that has none.
  case noPositions(layer: String)
  /// A position beyond the borders of its layer.
  case positionOutOfRange(layer: String, x: Int, y: Int, width: Int, height: Int)
  /// A value that has to be fed beside the picture, with its extents.
  case secondInput(String, extents: String, picture: String)
  /// An input that the network does not have, with those that it has.
  case unknownInput(String, inputs: [String])
  /// A value that an input cannot have.
  case inputValue(String, reason: String)
  /// An input shape that the network cannot take.
  case inputShape(Shape, reason: String)
  /// A result of a node that is larger than the memory that may be taken allows.
  case noRoom(String, result: String)
  /// An input that is larger than the memory that may be taken allows, with the most numbers that one may have.
  case noRoomForInput(Shape, most: Int)
  /// A number of pictures that the file, written for another, cannot take together.
  case batch(Int, declared: Int, reason: String)
  /// A number of pictures that the graph does not keep apart.
  case mixesPictures(Int)
  /// A file that is no usable network.
  case invalidModel(String)

  /// What is wrong, in words for a person.
  public var description: String {
    switch self {
    case .unsupported(let nodes):
      "the network has \(nodes.count) node\(nodes.count == 1 ? "" : "s") that cannot be run here:\n"
        + nodes.map { "  \($0)" }.joined(separator: "\n")
        + (Self.advice(onUnsupported: nodes).map { "\n\($0)." } ?? "")
    case .invalidNode(let node, let reason): "\(node): \(reason)"
    case .dependsOnValues(let node, let reason): "\(node): \(reason)"
    case .missingValue(let name): "nothing in the graph makes the value '\(name)'"
    case .cyclic(let nodes):
      "the graph has a cycle through \(nodes.prefix(5).joined(separator: ", "))"
    case .unknownLayer(let name, let candidates):
      candidates.isEmpty
        ? "there is no layer '\(name)', nor one with a name like it"
        : "there is no layer '\(name)'; did you mean \(candidates.joined(separator: ", "))?"
    case .channelOutOfRange(let layer, let channel, let channels):
      "layer \(layer) has the channels 0…\(channels - 1), not \(channel)"
    case .noClassToken(let layer):
      "layer \(layer) has no class token"
    case .noPositions(let layer): "layer \(layer) has no positions, only channels"
    case .positionOutOfRange(let layer, let x, let y, let width, let height):
      "layer \(layer) has \(width)×\(height) positions; there is none at x \(x), y \(y)"
    case .secondInput(let name, let extents, let picture):
      "beside the picture '\(picture)' the network needs the input '\(name)' (\(extents)), and nothing says "
        + "what it is"
    case .unknownInput(let name, let inputs):
      "there is no input '\(name)'; the network has \(inputs.joined(separator: ", "))"
    case .inputValue(let name, let reason): "the input '\(name)' \(reason)"
    case .inputShape(let shape, let reason):
      "the network cannot take an input of \(shape): \(reason)"
    case .noRoom(let node, let result):
      "\(node): a result of \(result), for which there is no room in the memory that may be taken"
    case .noRoomForInput(let shape, let most):
      "the network cannot take an input of \(shape): it is over \(most) numbers, for which there is no room in "
        + "the memory that may be taken; name a size"
    case .batch(let count, let declared, let reason):
      "the file is written for a batch of \(declared) and does not take \(count) (\(reason)); use that, or "
        + "export it again with the batch left open"
    case .mixesPictures(let count):
      "the graph mixes the \(count) pictures that go through it together, so that none can be told by itself; make "
        + "them one by one"
    case .invalidModel(let reason): reason
    }
  }
}

extension NetworkError {
  /// What to do about nodes that cannot be run, where there is more to say than that.
  ///
  /// Weights of ONNX Runtime's own layout stand in blocks of channels as wide as its processor's registers, which no file
  /// says: read with another width they would be other weights.
  ///
  /// - Parameter nodes: Their titles.
  /// - Returns: A clause without its full stop.
  package static func advice(onUnsupported nodes: [String]) -> String? {
    guard nodes.contains(where: { $0.hasPrefix("com.microsoft.nchwc.") }) else { return nil }
    return
      "ONNX Runtime laid these out for one processor: take the file that it was given, or have it save one with "
      + "graph_optimization_level = ORT_ENABLE_EXTENDED"
  }

  /// Whether another input, or more memory for it, would do.
  package var isOfInput: Bool {
    switch self {
    case .inputShape, .batch: true
    default: isShortageOfMemory
    }
  }

  /// Whether numbers that depend on the picture have to be known.
  package var isOfValues: Bool { if case .dependsOnValues = self { true } else { false } }
}

extension NetworkError: ShortageOfMemory {
  /// Whether there was no room for a result or the input.
  public var isShortageOfMemory: Bool {
    switch self {
    case .noRoom, .noRoomForInput: true
    default: false
    }
  }
}
