import Graphs
import Imaging
import Networks
import Portraits
import Tensors
import TestSupport
import Testing
import Visualization

/// Networks whose files are written for one picture, or that mix several, are shown several one after the other.
@Suite struct OneByOneTests {
  /// Tokens of 4×4 pixels that are mixed by a softmax over all that there are, and classes of their mean.
  ///
  /// - Parameter batch: What the file says in its changes of shape: 0 for as many pictures as there are, 1 for one;
  ///   −1 for one long list of all pictures' tokens, among which they are mixed.
  /// - Returns: The network.
  private func network(batch: Int) -> Network {
    var random = SplitMix64(seed: 3)
    func integers(_ values: [Int]) -> Constant {
      Constant(Tensor([values.count], values.map(Float.init)), isInteger: true)
    }
    let isMixed = batch < 0
    return Network(
      graph: Graph(
        inputs: [.init(name: "x", dimensions: [batch == 1 ? 1 : nil, 3, 16, 16])],
        outputs: ["scores"],
        nodes: [
          Node(
            "Conv", name: "patches", inputs: ["x", "w"], outputs: ["patches"],
            attributes: ["strides": .ints([4, 4])]),
          Node("Reshape", name: "rows", inputs: ["patches", "shape"], outputs: ["rows"]),
          Node(
            "Softmax", name: "mixed", inputs: ["rows"], outputs: ["mixed"],
            attributes: ["axis": .int(2)]),
          Node("Mul", name: "gated", inputs: ["rows", "mixed"], outputs: ["gated"]),
          Node(
            "ReduceSum", name: "sum", inputs: ["gated", "axes"], outputs: ["sum"],
            attributes: ["keepdims": .int(0)]),
          Node("MatMul", name: "scores", inputs: ["sum", "classes"], outputs: ["scores"]),
        ],
        constants: [
          "w": Constant(.normal([6, 3, 4, 4], standardDeviation: 0.3, using: &random)),
          "shape": integers(isMixed ? [1, 6, -1] : [batch, 6, 16]), "axes": integers([2]),
          "classes": Constant(.normal([6, 3], using: &random)),
        ]), labels: ["cat", "dog", "hot dog"])
  }

  /// ‖a − b‖ / ‖b‖.
  private func relativeError(_ a: Tensor, _ b: Tensor) -> Float { (a - b).norm / b.norm }

  private func pictures(
    _ expression: String, _ settings: [String: String], in network: Network
  ) throws -> Tensor {
    try PreparedPortrait(
      of: .objective(ObjectiveExpression(expression)),
      settings: ["steps": "3", "transforms": "none"].merging(settings) { $1 }, in: network
    ).painted(threads: 1).pictures
  }

  @Test("they make the pictures of the network that takes several", arguments: ["2", "3"])
  func batches(count: String) throws {
    let settings = ["batch": count]
    for expression in ["dog", "dog - 2 * diversity(patches)"] {
      let open = try pictures(expression, settings, in: network(batch: 0))
      let fixed = try pictures(expression, settings, in: network(batch: 1))
      #expect(open.shape == fixed.shape && open.shape[0] == Int(count))
      #expect(relativeError(fixed, open) < 1e-5, "\(expression)")
    }
  }

  @Test("pictures that others are compared with go through by themselves")
  func references() throws {
    let folder = try TemporaryFolder()
    var picture = Picture(width: 16, height: 16, filledWith: Color(0x4060A0))
    picture.fill(Color(0xFF8800), x: 3, y: 3, width: 7, height: 5)
    try picture.write(to: "\(folder.path)/a.png")
    let file = "\"\(folder.path)/a.png\""
    for function in ["inversion(patches, \(file))", "caricature(rows, \(file), 1)"] {
      let open = try pictures(function, [:], in: network(batch: 0))
      let fixed = try pictures(function, [:], in: network(batch: 1))
      #expect(relativeError(fixed, open) < 1e-5, "\(function)")
      #expect(relativeError(fixed, try pictures("dog", [:], in: network(batch: 1))) > 1e-3)
    }
  }
}
