import Foundation
import Memory
import ONNX
import Tensors
import TestSupport
import Testing

@testable import Graphs
@testable import Networks
@testable import Plans

/// Files of a kilobyte that ask for gigabytes or for minutes, and are refused in a sentence.
@Suite("Hostile sizes") struct HostileSizeTests {
  private func network(
    _ nodes: [NodeProto], _ constants: [TensorData] = [], input: [Int] = [1, 3, 16, 16]
  ) throws -> Network {
    var graph = GraphProto()
    graph.node = nodes
    graph.initializer = constants.map { TensorProto($0) }
    graph.input = [ValueInfoProto("x", input)]
    graph.output = [ValueInfoProto("y", [])]
    return try Network(Model(ModelProto(graph: graph)))
  }

  private func plan(_ network: Network) throws -> Plan {
    try network.plan(
      inputShape: network.inputShape(), readings: [Reading(.value("y"))], threads: 1)
  }

  /// Does something where nobody has said what may be taken, and so much is left.
  private func unsaid<Result>(_ bytes: Int, _ body: () throws -> Result) rethrows -> Result {
    try MemoryLimit.$isSaid.withValue(false) {
      try MemoryLimit.$bytes.withValue(bytes, operation: body)
    }
  }

  /// A convolution of the input to 8 channels, `h`.
  private let convolution = NodeProto(
    "Conv", ["x", "w"], ["h"], .init("pads", [1, 1, 1, 1]))
  private let weights = TensorData(
    dims: [8, 3, 3, 3], floats: [Float](repeating: 0.1, count: 216), name: "w")

  @Test("what a file of a kilobyte makes takes no gigabyte, unless somebody allows it")
  func expansion() throws {
    let scales = TensorData(dims: [4], floats: [1, 1, 60, 60], name: "scales")
    let resize = NodeProto("Resize", ["h", "", "scales"], ["s0"], .init("mode", "linear"))
    // Twelve tensors of 29 MB and their gradients.
    let sines = (0..<12).map { NodeProto("Sin", ["s\($0)"], [$0 == 11 ? "y" : "s\($0 + 1)"]) }
    let large = try network([convolution, resize] + sines, [weights, scales])
    // Shapes alone take a tensor at a time.
    let shapes = try unsaid(1 << 40) { try large.shapes(inputShape: [1, 3, 16, 16]) }
    #expect(shapes["y"] == [1, 8, 960, 960])
    #expect(throws: MemoryError.self) { _ = try unsaid(1 << 40) { try plan(large) } }
    #expect(throws: Never.self) { _ = try MemoryLimit.limited(to: 8 << 30) { try plan(large) } }
  }

  @Test(
    "a declared picture is refused before memory is taken for it",
    arguments: [
      [1, 3, 100_000, 3000], [1, 1, 1 << 40, 1 << 16], [1, 1 << 31, 1 << 31, 1 << 40],
      [1, 3, 5000, 5000],
    ])
  func declared(_ extents: [Int]) throws {
    let large = try network([NodeProto("Relu", ["x"], ["y"])], input: extents)
    #expect {
      try unsaid(1 << 40) { try large.checkRoom(for: large.inputShape()) }
    } throws: {
      "\($0)".contains("memory")
    }
  }

  @Test("a picture that somebody asks for has the machine's memory")
  func asked() throws {
    let open = try network([NodeProto("Relu", ["x"], ["y"])], input: [1, 3, -1, -1])
    try unsaid(8 << 30) { try open.checkRoom(for: [1, 3, 5000, 5000]) }
    #expect(throws: MemoryError.self) {
      try unsaid(8 << 30) { try open.checkRoom(for: [1, 3, 8000, 8000]) }
    }
  }

  @Test("products of constants that take minutes are not begun")
  func work() throws {
    let shape = TensorData(dims: [2], integers: [6000, 6000], name: "shape")
    var nodes = [NodeProto("ConstantOfShape", ["shape"], ["m0"])]
    for i in 0..<40 { nodes.append(NodeProto("MatMul", ["m\(i)", "m\(i)"], ["m\(i + 1)"])) }
    nodes.append(NodeProto("MatMul", ["m40", "m40"], ["y"]))
    let heavy = try network(nodes, [shape])
    let start = ContinuousClock.now
    #expect {
      _ = try MemoryLimit.limited(to: 64 << 30) { try plan(heavy) }
    } throws: {
      "\($0)".contains("too much computing before the network even runs")
    }
    #expect(ContinuousClock.now - start < .seconds(60))
  }

  @Test("functions nested 7,000 deep, and functions that unfold without end")
  func nesting() throws {
    var graph = GraphProto()
    graph.input = [ValueInfoProto("x", [1, 3, 16, 16])]
    graph.output = [ValueInfoProto("y", [])]
    graph.node = [NodeProto("F0", ["x"], ["y"])]
    graph.node[0].domain = "own"
    var model = ModelProto(graph: graph)
    func function(_ name: String, _ nodes: [NodeProto]) -> FunctionProto {
      var function = FunctionProto()
      (function.name, function.domain) = (name, "own")
      (function.input, function.output) = (["a"], ["b"])
      function.node = nodes.map { node in
        var node = node
        if node.opType.hasPrefix("F") { node.domain = "own" }
        return node
      }
      return function
    }
    model.functions = (0..<7000).map { function("F\($0)", [NodeProto("F\($0 + 1)", ["a"], ["b"])]) }
    model.functions.append(function("F7000", [NodeProto("Relu", ["a"], ["b"])]))
    #expect {
      _ = try Network(Model(model))
    } throws: {
      "\($0)".contains("over 100 deep")
    }
    model.functions = (0..<20).map { level in
      function(
        "F\(level)",
        (0..<10).map { NodeProto("F\(level + 1)", [$0 == 0 ? "a" : "c\($0)"], ["c\($0 + 1)"]) }
          + [NodeProto("Identity", ["c10"], ["b"])])
    }
    #expect {
      _ = try Network(Model(model))
    } throws: {
      "\($0)".contains("unfold into over")
    }
  }

  @Test("weights beside the file that claim more than there is")
  func external() throws {
    let folder = try TemporaryFolder()
    let data = try folder.file("weights.bin", [])
    let handle = try FileHandle(forWritingTo: URL(filePath: data))
    try handle.truncate(atOffset: 43 << 30)
    try handle.close()
    var graph = GraphProto()
    graph.node = [NodeProto("Add", ["x", "w"], ["y"])]
    graph.input = [ValueInfoProto("x", [1, 1])]
    graph.output = [ValueInfoProto("y", [])]
    var weights = TensorProto()
    (weights.name, weights.dims, weights.dataType) = ("w", [11 << 30], 1)
    weights.dataLocation = .external
    weights.externalData = [StringStringEntryProto("location", "weights.bin")]
    graph.initializer = [weights]
    let path = "\(folder.path)/net.onnx"
    try Model(ModelProto(graph: graph)).write(to: path)
    #expect {
      _ = try MemoryLimit.limited(to: 8 << 30) { try Network(contentsOf: path) }
    } throws: {
      "\($0)".contains("net.onnx needs 47.3 GB of memory, and 8.6 GB may be taken")
    }
  }

  @Test("names with signs that a terminal obeys, or that turn the direction of writing")
  func names() throws {
    let relu = NodeProto("Relu", ["x"], ["a\nb"], name: "\u{1B}[2Jred")
    let last = NodeProto("Relu", ["a\nb"], ["y"], name: "\u{202E}gnp.exe")
    let network = try network([relu, last])
    #expect(network.layers.map(\.name) == [#"\u{1B}[2Jred"#, #"\u{202E}gnp.exe"#])
    #expect(network.graph.nodes[0].outputs == [#"a\u{A}b"#])
    #expect {
      _ = try self.network([NodeProto("\u{7}Bell", ["x"], ["y"])]).plan(
        inputShape: [1, 3, 16, 16], readings: [Reading(.value("y"))])
    } throws: {
      "\($0)".contains(#"\u{7}Bell"#)
    }
  }
}
