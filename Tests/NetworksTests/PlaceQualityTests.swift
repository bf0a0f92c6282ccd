import Graphs
import Tensors
import Testing

@testable import Networks

/// One number for each place of a detector, beside classes' scores, that says how well its box lies there.
@Suite struct PlaceQualityTests {
  /// 24 places with six classes, four edges and one number each, as results, or the probabilities of classes
  /// times the number's, as FCOS has them.
  ///
  /// - Parameters:
  ///   - name: What the result of one number is called.
  ///   - isMultiplied: Whether probabilities are multiplied in the graph.
  /// - Returns: The network.
  private static func network(_ name: String, isMultiplied: Bool) -> Network {
    func node(
      _ type: String, _ inputs: [String], _ output: String, _ attributes: [String: Attribute] = [:]
    ) -> Node { Node(type, inputs: inputs, outputs: [output], attributes: attributes) }
    var random = SplitMix64(seed: 9)
    let kernels = [("six", 6), ("four", 4), ("one", 1)].map { name, count in
      (name, Constant(Tensor.normal([count, 3, 1, 1], using: &random)))
    }
    let heads = [("six", "scores"), ("four", "boxes"), ("one", name)].flatMap { weights, output in
      [
        node("Conv", ["x", weights], "\(output) map"),
        node("Reshape", ["\(output) map", weights + " rows"], "\(output) rows"),
        node("Transpose", ["\(output) rows"], output, ["perm": .ints([0, 2, 1])]),
      ]
    }
    let end = [
      node("Sigmoid", ["scores"], "p"), node("Sigmoid", [name], "q"),
      node("Mul", ["p", "q"], "pq"), node("Sqrt", ["pq"], "confidences"),
    ]
    let rows = [("six rows", 6), ("four rows", 4), ("one rows", 1)].map { name, count in
      (name, Constant(Tensor([3], [1, Float(count), 24]), isInteger: true))
    }
    return Network(
      graph: Graph(
        inputs: [.init(name: "x", dimensions: [1, 3, 4, 6])],
        outputs: isMultiplied ? ["confidences", "boxes"] : ["scores", "boxes", name],
        nodes: heads + (isMultiplied ? end : []),
        constants: Dictionary(uniqueKeysWithValues: kernels + rows)))
  }

  @Test("it counts for a class's confidence", arguments: [false, true])
  func quality(isMultiplied: Bool) throws {
    let network = Self.network("bbox_ctrness", isMultiplied: isMultiplied)
    let scores = try #require(
      network.classScores(in: try network.shapes(inputShape: [1, 3, 4, 6])))
    #expect(scores.task == .detection && scores.count == 6)
    #expect(scores.sources == ["scores", "bbox_ctrness"])
    let values = [Tensor([1, 24, 6]), Tensor([1, 24, 1], (0..<24).map(Float.init))]
    #expect(scores.objectness(in: values) == (0..<24).map(Float.init))
  }

  @Test("a number that nothing says so of does not")
  func other() throws {
    let network = Self.network("depth", isMultiplied: false)
    let scores = try #require(
      network.classScores(in: try network.shapes(inputShape: [1, 3, 4, 6])))
    #expect(scores.sources == ["scores"])
  }
}
