import Autodiff
import Tensors

/// A node about to be computed on the tape.
struct TapeCall {
  let node: Node
  /// What is known of the node's inputs before the network runs.
  let constants: [String: Constant]
  private var variables: [String: Variable] = [:]

  init(node: Node, constants: [String: Constant]) {
    self.node = node
    self.constants = constants
  }

  /// The names of the inputs that are no constants, each once, in order.
  var variableNames: [String] {
    var seen = Set<String>()
    return node.inputs.filter { !$0.isEmpty && constants[$0] == nil && seen.insert($0).inserted }
  }

  /// The same with values for `variableNames`.
  func with(_ values: [Variable]) -> TapeCall {
    var call = self
    call.variables = Dictionary(uniqueKeysWithValues: zip(variableNames, values))
    return call
  }

  /// The input at a position.
  ///
  /// - Throws: `NetworkError` where it is left out.
  func input(_ position: Int) throws -> Variable {
    guard let variable = optionalInput(position) else {
      throw invalid("input \(position) is missing")
    }
    return variable
  }

  func optionalInput(_ position: Int) -> Variable? {
    guard let name = node.input(position) else { return nil }
    return variables[name] ?? constants[name].map { Variable($0.tensor) }
  }

  /// The constant input at a position, or `nil` where it is left out.
  ///
  /// - Throws: `NetworkError` where it is there but no constant.
  func constant(_ position: Int) throws -> Constant? {
    guard let name = node.input(position) else { return nil }
    guard let constant = constants[name] else {
      throw invalid("input \(position) ('\(name)') must be a constant")
    }
    return constant
  }

  /// Integers given as an attribute or, in later operator sets, as a constant input.
  func integers(_ attribute: String, orInput position: Int) throws -> [Int]? {
    if let values = node.ints(attribute) { return values }
    return try constant(position)?.integers
  }

  func invalid(_ reason: String) -> NetworkError {
    .invalidNode(node.title, reason: reason)
  }
}

/// The operators on whole tensors, by type: each a function of variables, so that its gradient follows.
enum TapeOperator {
  typealias Function = @Sendable (TapeCall) throws -> Variable

  static let table: [String: Function] = [elementwise]
    .reduce(into: [:]) { table, part in table.merge(part) { first, _ in first } }
}
