import Graphs
import Tensors
import Testing

@testable import Networks

/// Tokens whose channels are told by what makes them alone, as whatever follows mixes heads or cuts them.
@Suite struct TokenChannelTests {
  private static func node(
    _ type: String, _ inputs: [String], _ output: String, _ attributes: [String: Attribute] = [:]
  ) -> Node {
    Node(type, name: output, inputs: inputs, outputs: [output], attributes: attributes)
  }

  private static func integers(_ values: [Int]) -> Constant {
    Constant(Tensor([values.count], values.map(Float.init)), isInteger: true)
  }

  /// The layouts of what nodes make of a map `map` of 16 channels on a grid of 8×8.
  private static func layouts(
    _ nodes: [Node], _ constants: [String: Constant]
  ) throws -> [String: LayerLayout] {
    let network = Network(
      graph: Graph(
        inputs: [.init(name: "x", dimensions: [1, 3, 32, 32])],
        outputs: [nodes.last?.outputs[0] ?? ""],
        nodes: [node("Conv", ["x", "w"], "map", ["strides": .ints([4, 4])])] + nodes,
        constants: constants.merging([
          "w": Constant(Tensor([16, 3, 4, 4], repeating: 0.1)),
          "heads": integers([1, 64, 2, 8]), "rows": integers([1, 16, 64]),
          "zero": integers([0]), "two": integers([2]), "rest": integers([-1]),
        ]) { $1 }))
    return network.layouts(in: try network.shapes(inputShape: [1, 3, 32, 32]))
  }

  @Test("a map whose rows and columns are put behind each other, by numbers or by its own shape")
  func flattened() throws {
    let ends = [
      Self.node("Transpose", ["flat"], "tokens", ["perm": .ints([0, 2, 1])]),
      Self.node("Reshape", ["tokens", "heads"], "y"),
    ]
    let byNumbers = [Self.node("Reshape", ["map", "rows"], "flat")]
    let byShape = [
      Self.node("Add", ["map", "map"], "sum"), Self.node("Shape", ["sum"], "shape"),
      Self.node("Slice", ["shape", "zero", "two", "zero"], "part"),
      Self.node("Concat", ["part", "rest"], "extents", ["axis": .int(0)]),
      Self.node("Reshape", ["sum", "extents"], "flat"),
    ]
    for nodes in [byNumbers, byShape] {
      let layouts = try Self.layouts(nodes + ends, [:])
      let tokens = try #require(layouts["tokens"])
      #expect(tokens.channels == 16 && tokens.form == .tokens)
      #expect(tokens.grid.map { [$0.width, $0.height] } == [8, 8])
      #expect(layouts["flat"]?.channels == 16)
    }
  }

  @Test("tokens and the numbers of a head are no rows and columns")
  func heads() throws {
    let layouts = try Self.layouts(
      [
        Self.node("Reshape", ["map", "rows"], "flat"),
        Self.node("Transpose", ["flat"], "tokens", ["perm": .ints([0, 2, 1])]),
        Self.node("Reshape", ["tokens", "heads"], "split"),
        Self.node("Transpose", ["split"], "turned", ["perm": .ints([0, 2, 1, 3])]),
        Self.node("Relu", ["turned"], "y"),
      ], [:])
    #expect(layouts["turned"]?.grid == nil && layouts["y"]?.grid == nil)
    #expect(layouts["map"]?.grid?.width == 8)
  }

  @Test("a product whose tokens are a list for its norm, and are brought back to its shape")
  func listed() throws {
    let nodes = [
      Self.node("Reshape", ["map", "rows"], "flat"),
      Self.node("Transpose", ["flat"], "tokens", ["perm": .ints([0, 2, 1])]),
      Self.node("MatMul", ["tokens", "v"], "product"),
      Self.node("Flatten", ["product"], "list", ["axis": .int(2)]),
      Self.node("BatchNormalization", ["list", "one", "zeros", "zeros", "one"], "norm"),
    ]
    let constants = [
      "v": Constant(Tensor([16, 48], repeating: 0.1)), "one": Constant(Tensor([48], repeating: 1)),
      "zeros": Constant(Tensor([48], repeating: 0)), "back": Self.integers([1, 64, 48]),
      "three": Self.integers([1, 64, 3, 16]),
    ]
    let byShape = [
      Self.node("Shape", ["product"], "shape"), Self.node("Reshape", ["norm", "shape"], "qkv"),
    ]
    for back in [byShape, [Self.node("Reshape", ["norm", "back"], "qkv")]] {
      let layouts = try Self.layouts(
        nodes + back + [Self.node("Reshape", ["qkv", "three"], "y")], constants)
      for name in ["product", "qkv"] {
        #expect(layouts[name]?.channels == 48 && layouts[name]?.form == .tokens, "\(name)")
      }
    }
  }
}
