import Autodiff
import Blocks
import Graphs
import Tensors

/// A node about to be computed in Double.
struct ExactCall {
  let node: Node
  /// Which of the node's outputs is computed.
  var output = 0
  /// The values of the node's inputs, by their names.
  let operands: [String: Operand]
  let decisions: Decisions

  /// What a name of the graph stands for.
  struct Operand {
    let exact: Exact
    /// The kind of numbers.
    let type: ElementType
    /// The same in single precision, where it does not depend on the input.
    let constant: Constant?
  }

  /// The same for another node with the same operands.
  func with(_ node: Node) -> ExactCall {
    ExactCall(node: node, output: output, operands: operands, decisions: decisions)
  }

  func operand(_ position: Int) -> Operand? { node.input(position).flatMap { operands[$0] } }

  func optional(_ position: Int) -> Exact? { operand(position)?.exact }

  /// The input at a position.
  ///
  /// - Throws: `ExactnessError` where it is left out.
  func input(_ position: Int) throws -> Exact {
    guard let exact = optional(position) else { throw unknown("without input \(position)") }
    return exact
  }

  func inputs() throws -> [Exact] { try node.inputs.indices.map { try input($0) } }

  func isInteger(_ position: Int) -> Bool { operand(position)?.type.isInteger ?? false }

  /// Integers given as an attribute or as an input, whose values are those of this run.
  func integers(_ attribute: String, orInput position: Int) -> [Int]? {
    node.ints(attribute) ?? optional(position)?.scalars.map { Int($0) }
  }

  func float(_ name: String, _ value: Double) -> Double {
    if case .float(let own)? = node.attributes[name] { Double(own) } else { value }
  }

  func string(_ name: String, _ value: String) -> String {
    if case .string(let own)? = node.attributes[name] { own } else { value }
  }

  /// An axis counted from the first.
  func axis(_ axis: Int, rank: Int) -> Int { axis < 0 ? axis + rank : axis }

  /// A form of the operator that is not known here.
  func unknown(_ form: String) -> ExactnessError { .unknown(["\(node.title), \(form)"]) }

  /// Choices made on the node's inputs at some positions.
  func choose(_ positions: [Int], _ rule: ([[Double]]) -> [Int32]) -> [Int32] {
    decisions.choose(
      on: positions.map { (node.inputs[$0], optional($0)?.scalars ?? []) }, by: node.title, rule)
  }

  /// A function in steps of some elements, which are computed of the node's first input; no gradient passes.
  ///
  /// - Parameters:
  ///   - x: The elements.
  ///   - unit: How much of the input moves an element by 1.
  ///   - output: Which output of the node the result is.
  ///   - function: The function, by an element's place and value.
  /// - Returns: The shape of `x`.
  func stepped(
    _ x: Exact, unit: Double = 1, output: Int? = nil, _ function: (Int, Double) -> Double
  ) -> Exact {
    let slack = node.input(0).map { decisions.noise[$0] / unit } ?? 0
    let place = output ?? self.output
    let values = decisions.step(
      x.scalars, slack: slack,
      result: node.outputs.indices.contains(place) ? node.outputs[place] : "",
      by: node.title, isCounted: place == self.output, function)
    return Exact(x.shape, values)
  }

  /// The node for the tape, which knows shapes, indices and where elements go.
  ///
  /// - Parameters:
  ///   - given: What stands in place of some inputs.
  ///   - shapesOnly: Whether inputs that depend on the network's are told by their shapes alone.
  /// - Returns: The same node.
  func tapeCall(_ given: [String: Tensor] = [:], shapesOnly: Bool = false) -> TapeCall {
    var constants: [String: Constant] = [:]
    var kinds: [String: ElementType] = [:]
    var shapes: [String: Shape] = [:]
    for (name, operand) in operands {
      (kinds[name], shapes[name]) = (operand.type, operand.exact.shape)
      guard let constant = operand.constant else { continue }
      constants[name] = given[name].map { Constant($0, of: operand.type) } ?? constant
    }
    let call = TapeCall(node: node, constants: constants, kinds: kinds).with(output: output)
    if shapesOnly { return call.with(shapes: shapes) }
    return call.with(
      inputs: node.inputs.map { name in
        Variable(
          given[name] ?? constants[name]?.tensor ?? operands[name]?.exact.rounded ?? Tensor(0))
      })
  }
}

/// Why a network cannot be computed in Double.
package enum ExactnessError: Error, CustomStringConvertible {
  /// Operators, or forms of them, that are not known, each with its node.
  case unknown([String])

  /// What is wrong, in words for a person.
  package var description: String {
    switch self {
    case .unknown(let nodes):
      "in double precision there is nothing for \(nodes.count) node\(nodes.count == 1 ? "" : "s"):\n"
        + nodes.prefix(20).map { "  \($0)" }.joined(separator: "\n")
        + (nodes.count > 20 ? "\n  and \(nodes.count - 20) more" : "")
        + "\nname a unit before them, or compare with another program's values (visualize verify CASE)"
    }
  }
}
