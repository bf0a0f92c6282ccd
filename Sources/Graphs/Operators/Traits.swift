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
  /// Of a type.
  case of(ElementType)
  /// One kind for each output; the last goes for all that follow.
  indirect case outputs([ResultKind])
  /// By the node.
  case by(@Sendable (TapeCall) -> ElementType)

  func of(_ call: TapeCall) -> ElementType {
    switch self {
    case .like(let position): call.kind(position)
    case .float: .float
    case .integer: .int64
    case .boolean: .bool
    case .of(let type): type
    case .outputs(let kinds): (kinds[checked: call.output] ?? kinds[kinds.count - 1]).of(call)
    case .by(let rule): rule(call)
    }
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
