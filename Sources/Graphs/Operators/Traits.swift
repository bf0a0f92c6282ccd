package import Tensors

/// Where the channels of an operator's first input and of its results lie.
package enum ChannelRule: Sendable, Hashable {
  /// Results have the axes of what goes in.
  case kept
  /// Along axis 1: N×C×…
  case first
  /// Along the last axis.
  case last
  /// Axis i of the result is axis `permutation[i]` of the input.
  case transposed([Int])
  /// It tells nothing.
  case unknown
}

/// What becomes of the rows and columns of an operator's inputs.
package enum Positions: Sendable, Hashable {
  /// They stay where they are in the picture: as they are, on a finer or coarser grid, or with a margin.
  case kept
  /// Windows of them are pooled.
  case pooled
  /// The result has none, or they lie elsewhere.
  case lost
}

/// The kind of numbers that an output of an operator is.
enum ResultKind: Sendable {
  /// The same as those of the input at a position.
  case like(Int)
  case float
  case integer
  case boolean
  /// One kind for each output; the last goes for all that follow.
  indirect case outputs([ResultKind])
  /// By the node.
  case by(@Sendable (TapeCall) -> NumberKind)

  func of(_ call: TapeCall) -> NumberKind {
    switch self {
    case .like(let position): call.kind(position)
    case .float: .float
    case .integer: .integer
    case .boolean: NumberKind(.bool)
    case .outputs(let kinds): (kinds[checked: call.output] ?? kinds[kinds.count - 1]).of(call)
    case .by(let rule): rule(call)
    }
  }
}

/// What is known of the numbers of a tensor besides their values.
package struct NumberKind: Sendable, Hashable {
  /// Whether they are integers or Booleans, so that division truncates.
  package var isInteger: Bool
  /// Those that can occur, where they are few.
  package var range: ClosedRange<Float>?

  static let float = NumberKind(isInteger: false)
  static let integer = NumberKind(isInteger: true)

  init(isInteger: Bool, range: ClosedRange<Float>? = nil) {
    (self.isInteger, self.range) = (isInteger, range)
  }

  /// The numbers of a type of ONNX's.
  init(_ type: ElementType) {
    self.init(isInteger: type.isInteger, range: type.range)
  }
}

/// A node and the shapes of what it reads and writes.
package struct NodeShapes {
  package let node: Node
  /// One an input; `nil` where it is left out or not known.
  package let inputs: [Shape?]
  /// One an output; `nil` where it is left out or not known.
  package let outputs: [Shape?]

  /// Looks the shapes up by name, those of the outputs where they are not said.
  package init(_ node: Node, outputs: [Shape]? = nil, _ shape: (String) -> Shape?) {
    self.node = node
    inputs = node.inputs.map(shape)
    self.outputs = outputs ?? node.outputs.map(shape)
  }

  /// The shape of an input; `nil` where it is left out or not known.
  func input(_ position: Int) -> Shape? { inputs[checked: position] ?? nil }

  /// The shape of the first output.
  var output: Shape? { outputs[checked: 0] ?? nil }
}
