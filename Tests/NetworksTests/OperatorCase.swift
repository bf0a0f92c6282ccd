import Autodiff
import Tensors

@testable import Blocks
@testable import Graphs
@testable import Networks
@testable import Plans

/// A small node of one operator: what it reads, and where it may be differentiated.
struct OperatorCase: CustomStringConvertible, Sendable {
  var type: String
  /// The shapes of the inputs that vary, which come first.
  var shapes: [Shape]
  var attributes: [String: Attribute] = [:]
  /// The other inputs, `nil` for one left out; they stand behind those that vary, or after `constantsAt`
  /// of them.
  var constants: [Constant?] = []
  var constantsAt: Int?
  /// Where the inputs lie.
  var range: ClosedRange<Float> = -2...2
  /// The output that is differentiated.
  var output = 0
  var outputs = 1
  var opset = 18

  init(
    _ type: String, _ shapes: [Shape], _ attributes: [String: Attribute] = [:],
    constants: [Constant?] = [], in range: ClosedRange<Float> = -2...2, output: Int = 0,
    outputs: Int = 1, opset: Int = 18, constantsAt: Int? = nil
  ) {
    self.constantsAt = constantsAt
    (self.type, self.shapes, self.attributes, self.constants) = (
      type, shapes, attributes, constants
    )
    (self.range, self.output, self.outputs, self.opset) = (range, output, outputs, opset)
  }

  var description: String {
    let names = attributes.keys.sorted().map { "\($0): \(attributes[$0].map { "\($0)" } ?? "")" }
    return "\(type)-\(opset) of \(shapes.map(\.description).joined(separator: ", "))"
      + (names.isEmpty ? "" : " with \(names.joined(separator: ", "))")
  }

  /// The node and the constants that it reads.
  var node: (node: Node, constants: [String: Constant]) {
    var inputs = shapes.indices.map { "input\($0)" }
    let names = constants.indices.map { constants[$0] == nil ? "" : "constant\($0)" }
    inputs.insert(contentsOf: names, at: constantsAt ?? inputs.count)
    var known: [String: Constant] = [:]
    for (name, constant) in zip(names, constants) { known[name] = constant }
    return (
      Node(
        type, name: "node", inputs: inputs, outputs: (0..<outputs).map { "output\($0)" },
        attributes: attributes, opset: opset), known
    )
  }

  /// Scalars of the range, none near the middle of it, where many functions have a kink.
  func inputs(seed: UInt64) -> [Tensor] {
    var random = SplitMix64(seed: seed)
    let (middle, half) = (
      (range.lowerBound + range.upperBound) / 2, (range.upperBound - range.lowerBound) / 2
    )
    return shapes.map { shape in
      Tensor(
        shape,
        (0..<shape.count).map { _ in
          let distance = Float.random(in: 0.08...1, using: &random) * half
          return middle + (Bool.random(using: &random) ? distance : -distance)
        })
    }
  }

  /// The operator as a function of its inputs.
  func apply(_ inputs: [Variable]) throws -> Variable {
    guard let known = Operator.table[type] else { throw NetworkError.unsupported([type]) }
    let (node, constants) = node
    return try known.run(
      TapeCall(node: node, constants: constants).with(output: output).with(inputs))
  }
}

/// A constant vector of integers.
func integers(_ values: Int...) -> Constant {
  Constant(Tensor([values.count], values.map { Float($0) }), isInteger: true)
}

/// A constant of floats.
func floats(_ shape: Shape, _ values: Float...) -> Constant { Constant(Tensor(shape, values)) }
