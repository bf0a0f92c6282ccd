package import Autodiff

/// An ONNX operator: how it runs, and all that is known of it before it runs.
///
/// Whoever asks what an operator does, asks here: names of channels, gradients, relevance, types and costs
/// follow from its traits. Most follow from its role; a definition names only what does not.
package struct Operator: Sendable {
  /// One of a node's outputs, as a function of variables, so that its gradient follows.
  ///
  /// It must throw, not trap, on whatever a file can say: what the primitives take for granted is checked
  /// with the call's own helpers first. It must not throw on values of its variables, which it first sees
  /// when the plan is long made.
  package typealias Function = @Sendable (TapeCall) throws -> Variable
  /// Multiplications that are added up, for a node of known shapes.
  package typealias Cost = @Sendable (NodeShapes) throws -> Int

  /// The type that nodes name: ONNX's own, or another's after its domain and a dot.
  package let type: String
  /// The operator on whole tensors.
  package let run: Function
  /// What running it costs; `nil`: nothing.
  package let cost: Cost?
  private let role: Role
  private let channels: ChannelRule?
  private let positions: Positions?
  private let kind: ResultKind
  private var roleOf: (@Sendable (TapeCall) -> Role)?
  private var channelsOf: (@Sendable (TapeCall) -> ChannelRule)?
  /// Whether a selection goes by the elements' values, as a maximum does, and not by their places.
  package private(set) var choosesByValue = false
  /// Whether its result has as many places as its inputs' values say, which then must be known.
  private(set) var countsByValue = false

  /// Defines an operator.
  ///
  /// - Parameters:
  ///   - type: The type that nodes name.
  ///   - role: What it does with its inputs.
  ///   - channels: Where its channels lie; `nil`: as is usual for its role.
  ///   - positions: What becomes of rows and columns; `nil`: as is usual for its role.
  ///   - kind: What kind of numbers it makes.
  ///   - cost: What running it costs; `nil`: nothing.
  ///   - run: The operator on whole tensors.
  init(
    _ type: String, _ role: Role, channels: ChannelRule? = nil, positions: Positions? = nil,
    makes kind: ResultKind = .like(0), cost: Cost? = nil, _ run: @escaping Function
  ) {
    (self.type, self.role, self.run, self.cost) = (type, role, run, cost)
    (self.channels, self.positions, self.kind) = (channels, positions, kind)
  }

  /// A function of the first input alone.
  static func unary(
    _ type: String, _ role: Role = .elementwise, makes kind: ResultKind = .like(0),
    of function: @escaping @Sendable (Variable) -> Variable
  ) -> Operator {
    Operator(type, role, makes: kind) { function(try $0.input(0)) }
  }

  /// The same where the role follows from the node.
  func role(by rule: @escaping @Sendable (TapeCall) -> Role) -> Operator {
    var copy = self
    copy.roleOf = rule
    return copy
  }

  /// The same where elements are selected by their values.
  func choosingByValue() -> Operator {
    var copy = self
    copy.choosesByValue = true
    return copy
  }

  /// The same where the values say how many places the result has.
  func countingByValue() -> Operator {
    var copy = self
    copy.countsByValue = true
    return copy
  }

  /// The same where the place of the channels follows from the node.
  func channels(by rule: @escaping @Sendable (TapeCall) -> ChannelRule) -> Operator {
    var copy = self
    copy.channelsOf = rule
    return copy
  }
}

extension Operator {
  /// What a node does with its inputs.
  package func role(_ call: TapeCall) -> Role { roleOf?(call) ?? role }

  /// Where a node's channels lie.
  package func channels(_ call: TapeCall) -> ChannelRule {
    channelsOf?(call) ?? channels ?? role(call).channels
  }

  /// What becomes of rows and columns in a node.
  package func positions(_ call: TapeCall) -> Positions { positions ?? role(call).positions }

  /// The kind of numbers of the call's output.
  package func kind(_ call: TapeCall) -> ElementType { kind.of(call) }
}

extension Graph {
  /// What a node does with its inputs; `other` where its operator is not known.
  package func role(of node: Node) -> Role {
    Operator.table[node.type]?.role(TapeCall(node: node, constants: constants)) ?? .other
  }

  /// Where a node's channels lie.
  package func channels(of node: Node) -> ChannelRule {
    Operator.table[node.type]?.channels(TapeCall(node: node, constants: constants)) ?? .unknown
  }

  /// What becomes of rows and columns in a node.
  package func positions(of node: Node) -> Positions {
    Operator.table[node.type]?.positions(TapeCall(node: node, constants: constants)) ?? .lost
  }
}
