import Foundation
import Memory
import ONNX
import Tensors
import Testing

@testable import Blocks
@testable import Graphs
@testable import Networks
@testable import Plans

/// Models that do damage where they can, from bytes to the end of the way back.
@Suite("Hostile models")
struct HostileModelTests {
  /// The folder of the fuzzer.
  private static let folder = URL(filePath: #filePath)
    .deletingLastPathComponent().appending(path: "../Fuzzing").standardized

  private static func models(in name: String) throws -> [URL] {
    try FileManager.default.contentsOfDirectory(
      at: folder.appending(path: name), includingPropertiesForKeys: nil
    ).sorted { $0.path < $1.path }
  }

  @Test("What the fuzzer starts from, and what it has found")
  func replayed() throws {
    let files = try Self.models(in: "Corpus") + Self.models(in: "Regressions")
    #expect(files.count > 200)
    for file in files { exercise(try Data(contentsOf: file)) }
  }

  @Test("Cut at every byte")
  func truncated() throws {
    for file in try Self.models(in: "Corpus") {
      let bytes = try Data(contentsOf: file)
      for count in bytes.indices { exercise(bytes.prefix(count)) }
    }
  }

  @Test("Every operator's cases as files, which a fuzzer may start from")
  func seeds() throws {
    if let path = ProcessInfo.processInfo.environment["VISUALIZE_CORPUS"] {
      for (i, seed) in OperatorCase.seeds.enumerated() {
        try seed.model.encoded().write(toFile: "\(path)/\(seed.type)-\(i).onnx")
      }
    }
    for seed in OperatorCase.seeds { exercise(try seed.model.encoded()) }
  }

  /// A network of some nodes over an input `x` of 1×1×2×2.
  private func network(_ nodes: [NodeProto], _ constants: [TensorData] = []) throws -> Network {
    var graph = GraphProto()
    graph.node = nodes
    graph.initializer = constants.map { TensorProto($0) }
    graph.input = [ValueInfoProto("x", [1, 1, 2, 2])]
    graph.output = [ValueInfoProto("y", [])]
    return try Network(Model(ModelProto(graph: graph)))
  }

  @Test("a result that nothing makes is refused by name")
  func missingResult() throws {
    #expect {
      try network([NodeProto("Relu", ["x"], ["other"])])
    } throws: {
      "\($0)".contains("nothing in the graph makes its result 'y'. Export the model again.")
    }
    // The input itself may be one.
    #expect(try network([NodeProto("Identity", ["x"], ["y"])]).graph.outputs == ["y"])
  }

  private func plan(_ network: Network, _ shape: Shape = [1, 1, 2, 2]) throws -> Plan {
    try network.plan(inputShape: shape, readings: [Reading("y")], threads: 1)
  }

  @Test("Nodes that wait for each other, or for themselves")
  func cycles() {
    for nodes in [
      [NodeProto("Relu", ["b"], ["y"]), NodeProto("Relu", ["y"], ["b"])],
      [NodeProto("Relu", ["y"], ["y"])],
    ] {
      #expect {
        try network(nodes)
      } throws: {
        "\($0)".contains("cycle") && "\($0)".contains("Relu")
      }
    }
  }

  @Test("A value that is made twice, or made and fed")
  func twice() {
    for nodes in [
      [NodeProto("Relu", ["x"], ["y"]), NodeProto("Neg", ["x"], ["y"])],
      [NodeProto("Softmax", ["x"], ["x"]), NodeProto("Relu", ["x"], ["y"])],
    ] {
      #expect(throws: NetworkError.self) { try network(nodes) }
    }
  }

  @Test("10 GB asked for by a file of 200 bytes, at once and little by little")
  func memory() throws {
    let shape = TensorData(dims: [2], integers: [50_000, 50_000], name: "shape")
    #expect {
      _ = try plan(network([NodeProto("ConstantOfShape", ["shape"], ["y"])], [shape]))
    } throws: {
      "\($0)".contains("50000×50000")
    }
    // Every node doubles what is there.
    let nodes = (0..<40).map {
      NodeProto(
        "Concat", [$0 == 0 ? "x" : "v\($0)", $0 == 0 ? "x" : "v\($0)"],
        [$0 == 39 ? "y" : "v\($0 + 1)"], .init("axis", 2))
    }
    try MemoryLimit.$bytes.withValue(1 << 24) {
      #expect(throws: MemoryError.self) { try plan(network(nodes)) }
      // None is too large, but all of them are.
      let many = (0..<40).map {
        NodeProto("Sin", [$0 == 0 ? "x" : "v\($0)"], [$0 == 39 ? "y" : "v\($0 + 1)"])
      }
      let open = try network(many)
      #expect(throws: Never.self) { try plan(open) }
      var large = open
      large.graph.inputs[0].dimensions = [1, 1, nil, nil]
      #expect {
        _ = try plan(large, [1, 1, 512, 512])
      } throws: {
        "\($0)".contains("MB of memory, and 17 MB may be taken")
      }
    }
  }

  @Test("A graph that yields nothing")
  func noOutput() {
    var graph = GraphProto()
    graph.input = [ValueInfoProto("x", [1])]
    #expect {
      try Network(Model(ModelProto(graph: graph)))
    } throws: {
      "\($0)".contains("no output")
    }
  }
}

extension OperatorCase {
  /// The fuzzer's seeds: one of every case, and what the kernels on channel blocks do.
  fileprivate static var seeds: [OperatorCase] {
    let window: [String: Attribute] = ["kernel_shape": .ints([3, 2]), "strides": .ints([2, 1])]
    let around = window.merging(["pads": .ints([1, 0, 1, 1])]) { $1 }
    let map: Shape = [1, 3, 7, 6]
    return all + [
      .init("Conv", [map, [4, 3, 3, 2], [4]], around),
      .init("Conv", [map, [3, 1, 2, 2]], ["group": .int(3)]),
      .init("ConvTranspose", [map, [3, 2, 3, 2]], around),
      .init("MaxPool", [map], window), .init("AveragePool", [map], around),
      .init("GlobalAveragePool", [map]), .init("GlobalMaxPool", [map]),
      .init("BatchNormalization", [map, [3], [3], [3], [3]], in: 0.5...2),
      .init("LRN", [map], ["size": .int(3)]), .init("Relu", [map]),
      .init("Clip", [map], ["min": .float(0), "max": .float(1)], opset: 6),
      .init("Add", [map, [3, 1, 1]]), .init("Mul", [map, [3, 1, 1]]),
      .init("Gemm", [[1, 12], [5, 12], [5]], ["transB": .int(1)]),
      .init("MatMul", [[1, 4, 6], [6, 5]]), .init("Concat", [map, map], ["axis": .int(1)]),
      .init("Constant", [[1]], ["value": .constant(integers(1, 2))]), .init("Shape", [map]),
      .init("ConstantOfShape", [[1]], constants: [integers(2, 3)], constantsAt: 0),
      .init(
        "Range", [], constants: [floats([], 0), floats([], 5), floats([], 2)]),
      .init("EyeLike", [[3, 4]], ["k": .int(1)]), .init("NonZero", [], constants: [integers(0, 2)]),
      .init("OneHot", [[3]], constants: [integers(4), integers(0, 1)]),
      .init("ArgMax", [[2, 3]], ["axis": .int(1)]), .init("ArgMin", [[2, 3]]),
      .init("QuantizeLinear", [[2, 3]], constants: [floats([], 0.1), integers(3)]),
      .init("Scatter", [[2, 3], [1, 2]], constants: [integers(0, 1)], constantsAt: 1),
      .init("SimplifiedLayerNormalization", [[2, 3], [3]]),
      .init("com.microsoft.SimplifiedLayerNormalization", [[2, 3], [3]]),
      .init("Hardmax", [[2, 3]]), .init("Where", [[3], [3], [3]]),
    ] + bits + selections
      + ["Ceil", "Floor", "Round", "Sign", "IsInf", "IsNaN", "Not", "Size"].map { .init($0, [[4]]) }
      + ["And", "Or", "Xor", "Equal", "Less", "LessOrEqual", "Greater", "GreaterOrEqual"].map {
        .init($0, [[2, 3], [3]])
      }
  }

  private static let bits: [OperatorCase] =
    ["BitwiseAnd", "BitwiseOr", "BitwiseXor"].map {
      .init($0, [], constants: [integers(1, 6, 12), integers(5)])
    } + [
      .init("BitwiseNot", [], constants: [integers(1, 6)]),
      .init(
        "BitShift", [], ["direction": .string("LEFT")], constants: [integers(1, 6), integers(3)]),
      .init("BitCast", [], ["to": .int(13)], constants: [integers(1, 6)]),
    ]

  private static let selections: [OperatorCase] =
    [
      .init("Unique", [], constants: [integers(2, 1, 2)], outputs: 4),
      .init(
        "NonMaxSuppression", [],
        constants: [
          floats([1, 2, 4], 0, 0, 1, 1, 0, 0.1, 1, 1.1), floats([1, 1, 2], 0.9, 0.8), integers(3),
          floats([1], 0.5),
        ]),
      .init(
        "MelWeightMatrix", [],
        constants: [
          integers(4), integers(16), integers(8000), floats([], 0), floats([], 4000),
        ]),
    ]
    + ["HannWindow", "HammingWindow", "BlackmanWindow"].map {
      .init($0, [], constants: [integers(6)])
    }
}
