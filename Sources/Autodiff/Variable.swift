public import Tensors

/// A tensor that remembers how it was computed, so that its gradient can be found.
///
/// Functions of variables record themselves while they run (define by run); `gradient(at:of:)` walks the
/// record backwards. Nothing is recorded of values that depend on no variable under a gradient, so a
/// constant costs nothing. The record dies with its last variable.
///
/// A new primitive needs its value and its vector–Jacobian product. Written in functions of variables,
/// the product can itself be differentiated:
///
/// ```swift
/// public func square(_ x: Variable) -> Variable {
///   Variable(x.value * x.value, operation: "square", inputs: [x]) { g in [2 * g * x] }
/// }
/// ```
///
/// A variable belongs to one task.
public final class Variable {
  /// The value.
  public let value: Tensor

  /// The name of the operation that made it; empty for a constant.
  public let operation: String

  /// What the operation was applied to; empty for what is not recorded.
  public private(set) var inputs: [Variable]

  /// What a walk backwards does here.
  private(set) var rule: Rule

  /// Whether operations on this variable are recorded.
  let recording: Recording

  /// The length of the longest chain of inputs: greater than that of every input.
  let depth: Int

  enum Recording {
    /// Depends on nothing that is varied.
    case constant

    /// Leads to a variable under a gradient.
    case traced

    /// A cotangent whose own derivative nobody can ask for: what is computed from it is not recorded.
    case sealed
  }

  enum Rule {
    /// There is nothing to walk to.
    case leaf

    /// The operation has no derivative.
    case missing

    /// From the output's cotangent and the output to one cotangent an input.
    case product((_ cotangent: Variable, _ output: Variable) -> [Variable?])

    /// One of several outputs of the only input.
    case element(Int)

    /// From the cotangents of several outputs to one an input.
    case several((_ cotangents: [Variable?]) -> [Variable?])
  }

  /// Creates a constant.
  public init(_ value: Tensor) {
    (self.value, operation, inputs, rule, depth) = (value, "", [], .leaf, 0)
    recording = .constant
  }

  /// Creates a constant of rank 0.
  public convenience init(_ scalar: Float) {
    self.init(Tensor(scalar))
  }

  /// Creates the result of a differentiable operation.
  ///
  /// - Parameters:
  ///   - value: The result.
  ///   - operation: The operation's name.
  ///   - inputs: What it was applied to.
  ///   - pullback: From the result's cotangent to one cotangent an input, of the input's shape; nil
  ///     stands for zero, and for an input that is not traced.
  public convenience init(
    _ value: Tensor, operation: String, inputs: [Variable],
    pullback: @escaping (_ cotangent: Variable) -> [Variable?]
  ) {
    self.init(value, operation, inputs, .product { g, _ in pullback(g) })
  }

  /// Creates the result of a differentiable operation whose pullback uses the result.
  ///
  /// - Parameters:
  ///   - value: The result.
  ///   - operation: The operation's name.
  ///   - inputs: What it was applied to.
  ///   - pullback: From the result's cotangent and the result to one cotangent an input.
  public convenience init(
    _ value: Tensor, operation: String, inputs: [Variable],
    pullback: @escaping (_ cotangent: Variable, _ output: Variable) -> [Variable?]
  ) {
    self.init(value, operation, inputs, .product(pullback))
  }

  /// Creates the result of an operation that has no derivative: a gradient through it traps.
  ///
  /// - Parameters:
  ///   - value: The result.
  ///   - operation: The operation's name, which the message will give.
  ///   - inputs: What it was applied to.
  public convenience init(_ value: Tensor, withoutDerivative operation: String, inputs: [Variable])
  {
    self.init(value, operation, inputs, .missing)
  }

  init(_ value: Tensor, _ operation: String, _ inputs: [Variable], _ rule: Rule) {
    (self.value, self.operation) = (value, operation)
    if inputs.contains(where: { $0.recording == .sealed }) {
      (self.inputs, self.rule, recording, depth) = ([], .leaf, .sealed, 0)
    } else if inputs.contains(where: { $0.recording == .traced }) {
      (self.inputs, self.rule, recording) = (inputs, rule, .traced)
      depth = 1 + inputs.reduce(0) { max($0, $1.depth) }
    } else {
      (self.inputs, self.rule, recording, depth) = ([], .leaf, .constant, 0)
    }
  }

  /// Creates a variable of which a gradient can be taken, or a sealed cotangent.
  init(_ value: Tensor, recording: Recording) {
    (self.value, operation, inputs, rule, depth) = (value, "", [], .leaf, 0)
    self.recording = recording
  }

  /// Makes the several results of one operation, whose pullback runs once for all of them.
  ///
  /// - Parameters:
  ///   - values: The results.
  ///   - operation: The operation's name.
  ///   - inputs: What it was applied to.
  ///   - pullback: From one cotangent a result (nil: zero) to one an input (nil: zero).
  /// - Returns: One variable a result.
  public static func results(
    _ values: [Tensor], operation: String, inputs: [Variable],
    pullback: @escaping (_ cotangents: [Variable?]) -> [Variable?]
  ) -> [Variable] {
    let bundle = Variable(Tensor(0), operation, inputs, .several(pullback))
    return values.enumerated().map { Variable($1, operation, [bundle], .element($0)) }
  }

  /// The extents of the value.
  public var shape: Shape { value.shape }

  /// Whether operations on this variable are recorded for a gradient.
  public var isTraced: Bool { recording == .traced }

  /// The same value as a constant: no gradient flows through it.
  public var detached: Variable { Variable(value) }

  // A long chain of inputs is taken apart in a loop; releasing it link by link would recurse.
  deinit {
    var pending = inputs
    inputs = []
    rule = .leaf
    while var variable = pending.popLast() {
      if isKnownUniquelyReferenced(&variable) {
        pending += variable.inputs
        variable.inputs = []
        variable.rule = .leaf
      }
    }
  }
}
