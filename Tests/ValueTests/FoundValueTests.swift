import Networks
import Tensors
import Testing

/// What the fuzzer found, as small as it can be.
@Suite struct FoundValueTests {
  /// A graph, what is read of it and what is observed.
  struct Finding: CustomTestStringConvertible, Sendable {
    let testDescription: String
    let nodes: [Node]
    var reads: String
    var observing: [String] = []
    var shape: Shape = [2, 3, 4, 5]

    init(
      _ name: String, reading reads: String, observing: [String] = [],
      of shape: Shape = [2, 3, 4, 5],
      _ nodes: [Node]
    ) {
      (testDescription, self.nodes, self.reads) = (name, nodes, reads)
      (self.observing, self.shape) = (observing, shape)
    }
  }

  private static func node(
    _ type: String, _ inputs: [String], _ output: String, _ attributes: [String: Attribute] = [:]
  ) -> Node {
    Node(type, name: output, inputs: inputs, outputs: [output], attributes: attributes, opset: 11)
  }

  private static let findings: [Finding] = [
    Finding(
      "another name for a value that others read has the gradient that comes through it alone",
      reading: "y", observing: ["same"],
      [
        node("Tanh", ["x"], "t"), node("Identity", ["t"], "same"),
        node("Mul", ["t", "t"], "square"),
        node("Add", ["same", "square"], "y"),
      ]),
    Finding(
      "another shape of a value that others read, too", reading: "y", observing: ["rows"],
      [
        node("Tanh", ["x"], "t"), node("Flatten", ["t"], "rows"),
        node("Mul", ["t", "t"], "square"),
        node("Flatten", ["square"], "flat"), node("Add", ["rows", "flat"], "y"),
      ]),
    Finding(
      "the input's own name, turned", reading: "y", observing: ["same"], of: [2, 6, 5, 3],
      [
        node("Transpose", ["x"], "same", ["perm": .ints([0, 3, 1, 2])]), node("Tanh", ["x"], "t"),
        node("Transpose", ["t"], "turned", ["perm": .ints([0, 3, 1, 2])]),
        node("Mul", ["turned", "same"], "y"),
      ]),
    Finding(
      "an upper limit alone is no rectifier to be redirected", reading: "y",
      [
        node("Clip", ["x"], "y", ["max": .float(-0.3)])
      ]),
    Finding(
      "what is read by a concatenation of tokens is read", reading: "y",
      [
        node("Relu", ["x"], "r"), node("Reshape", ["r"], "t", ["shape": .ints([0, 3, 20])]),
        node("Transpose", ["t"], "tokens", ["perm": .ints([0, 2, 1])]),
        node("Concat", ["tokens", "tokens"], "y", ["axis": .int(1)]),
      ]),
    Finding(
      "rows of several pictures are redirected for each by itself", reading: "y", of: [2, 4, 5],
      [
        node("MatMul", ["x", "weights"], "rows"), node("Relu", ["rows"], "r"),
        node("MatMul", ["r", "weights"], "y"),
      ]),
    Finding(
      "pixels that a graph calls pictures are redirected each by itself", reading: "y",
      of: [2, 5, 4, 3],
      [
        node("Sigmoid", ["x"], "s"),
        node("Transpose", ["s"], "turned", ["perm": .ints([0, 2, 3, 1])]),
        node("Reshape", ["turned"], "pixels", ["shape": .ints([-1, 5])]),
        node("MatMul", ["pixels", "weights"], "rows"), node("Relu", ["rows"], "r"),
        node("MatMul", ["r", "weights"], "y"),
      ]),
    Finding(
      "two pictures that a graph calls one are redirected as one", reading: "y", of: [2, 5, 4, 3],
      [
        node("Sigmoid", ["x"], "s"),
        node("Transpose", ["s"], "turned", ["perm": .ints([0, 2, 3, 1])]),
        node("Reshape", ["turned"], "pixels", ["shape": .ints([1, -1, 5])]),
        node("MatMul", ["pixels", "weights"], "rows"), node("Relu", ["rows"], "r"),
        node("MatMul", ["r", "weights"], "y"),
      ]),
    Finding(
      "the largest of all pixels is chosen by its value, and is not shown", reading: "y",
      of: [2, 3, 2, 4, 5],
      [node("Relu", ["x"], "r"), node("GlobalMaxPool", ["r"], "y")]),
    Finding(
      "of equal pixels, the first is the largest", reading: "y", observing: ["zero"],
      [
        node("Sub", ["x", "x"], "zero"),
        node("GlobalMaxPool", ["zero"], "y"),
      ]),
    Finding(
      "what others read turned has the gradient of them all", reading: "y", observing: ["scaled"],
      of: [1, 5, 4, 3],
      [
        node("Mul", ["x", "scale"], "scaled"), node("Sigmoid", ["scaled"], "gate"),
        node("Softmax", ["gate"], "shares", ["axis": .int(1)]),
        node("Max", ["shares", "scaled"], "y"),
      ]),
  ]

  @Test("plans agree with the walk", arguments: findings, TapeWalk.Rule.allCases)
  func agree(finding: Finding, rule: TapeWalk.Rule) throws {
    var random = SplitMix64(seed: 12)
    let graph = Graph(
      inputs: [.init(name: "x", dimensions: finding.shape.dimensions.map { $0 == 3 ? 3 : nil })],
      outputs: [finding.reads], nodes: finding.nodes,
      constants: [
        "weights": Constant(.uniform([5, 5], using: &random)), "scale": Constant(Tensor(0.7)),
      ])
    // The second picture is dark: what is rectified is off in all of it.
    var input = Tensor.normal(finding.shape, using: &random)
    if finding.reads == "y", finding.nodes[0].type == "MatMul" {
      let second = Tensor.uniform(Shape([1] + finding.shape.dimensions.dropFirst()), using: &random)
      input = Tensor.concatenate([input.gathered([0], alongAxis: 0), -second])
    }
    let comparison = ValueComparison(graph, at: input)
    let question = ValueComparison.Question(
      name: finding.reads, rule: rule, observing: finding.observing)
    #expect(try comparison.outcome(question) == .agrees)
  }
}
