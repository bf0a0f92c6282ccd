import Foundation
import ONNX
import Tensors
import TestSupport
import Testing
import Verification

@testable import Networks

/// Rectifiers in other words: values, gradients, guided backpropagation, deconvolution, DeepLift and LRP are those
/// that PyTorch, Captum and zennit recorded of the same network with `nn.ReLU`.
@Suite struct RectifierFormTests {
  /// What stands in a Relu's place.
  struct Form: CustomTestStringConvertible, Sendable {
    let testDescription: String
    /// The nodes from the name of the input, which is read under that name, to the name of the result.
    let nodes: @Sendable (_ x: String, _ y: String) -> [NodeProto]

    init(_ name: String, _ nodes: @escaping @Sendable (String, String) -> [NodeProto]) {
      (testDescription, self.nodes) = (name, nodes)
    }

    /// A choice or product by a comparison.
    init(
      _ name: String, _ comparison: [String], not isNegated: Bool = false, casts: Bool = false,
      then type: String, _ inputs: [String]
    ) {
      self.init(name) { x, y in
        func named(_ name: String) -> String { name == "x" ? x : name }
        var nodes = [
          NodeProto(comparison[0], comparison.dropFirst().map(named), ["\(y).truth"])
        ]
        var truth = "\(y).truth"
        if isNegated {
          nodes.append(NodeProto("Not", [truth], ["\(y).not"]))
          truth = "\(y).not"
        }
        if casts {
          nodes.append(NodeProto("Cast", [truth], ["\(y).mask"], AttributeProto("to", 1)))
          truth = "\(y).mask"
        }
        return nodes + [NodeProto(type, inputs.map { $0 == "?" ? truth : named($0) }, [y])]
      }
    }
  }

  private static let forms: [Form] = [
    Form("where(x > 0, x, 0)", ["Greater", "x", "0"], then: "Where", ["?", "x", "0"]),
    Form("where(0 < x, x, 0)", ["Less", "0", "x"], then: "Where", ["?", "x", "0"]),
    Form("where(x ≥ 0, x, 0)", ["GreaterOrEqual", "x", "0"], then: "Where", ["?", "x", "0"]),
    Form("where(0 ≤ x, x, 0)", ["LessOrEqual", "0", "x"], then: "Where", ["?", "x", "0"]),
    Form("where(x < 0, 0, x)", ["Less", "x", "0"], then: "Where", ["?", "0", "x"]),
    Form("where(0 > x, 0, x)", ["Greater", "0", "x"], then: "Where", ["?", "0", "x"]),
    Form("where(x ≤ 0, 0, x)", ["LessOrEqual", "x", "0"], then: "Where", ["?", "0", "x"]),
    Form("where(0 ≥ x, 0, x)", ["GreaterOrEqual", "0", "x"], then: "Where", ["?", "0", "x"]),
    Form(
      "where(¬ x > 0, 0, x)", ["Greater", "x", "0"], not: true, then: "Where", ["?", "0", "x"]),
    Form("where(¬ x < 0, x, 0)", ["Less", "x", "0"], not: true, then: "Where", ["?", "x", "0"]),
    Form(
      "where(x < 0, zeros, x)", ["Less", "x", "0"], then: "Where", ["?", "0 of 4 axes", "x"]),
    Form("x · (x > 0)", ["Greater", "x", "0"], casts: true, then: "Mul", ["x", "?"]),
    Form("(x ≥ 0) · x", ["GreaterOrEqual", "x", "0"], casts: true, then: "Mul", ["?", "x"]),
    Form("x · where(x > 0, 1, 0)") { x, y in
      [
        NodeProto("Greater", [x, "0"], ["\(y).truth"]),
        NodeProto("Where", ["\(y).truth", "1", "0"], ["\(y).mask"]),
        NodeProto("Mul", [x, "\(y).mask"], [y]),
      ]
    },
    Form("where(x > 0, x, zeros like x)") { x, y in
      [
        NodeProto("Shape", [x], ["\(y).shape"]),
        NodeProto("ConstantOfShape", ["\(y).shape"], ["\(y).zeros"]),
        NodeProto("Greater", [x, "0"], ["\(y).truth"]),
        NodeProto("Where", ["\(y).truth", x, "\(y).zeros"], [y]),
      ]
    },
    Form("max(x, 0 expanded to x)") { x, y in
      [
        NodeProto("Shape", [x], ["\(y).shape"]),
        NodeProto("Expand", ["0", "\(y).shape"], ["\(y).zeros"]),
        NodeProto("Max", ["\(y).zeros", x], [y]),
      ]
    },
    Form("max(x, 0)") { x, y in [NodeProto("Max", [x, "0"], [y])] },
    Form("max(0 of four axes, x)") { x, y in [NodeProto("Max", ["0 of 4 axes", x], [y])] },
    Form("min(max(x, 0), 6)") { x, y in
      [NodeProto("Max", [x, "0"], ["\(y).max"]), NodeProto("Min", ["\(y).max", "6"], [y])]
    },
    Form("clip(x, 0)") { x, y in [NodeProto("Clip", [x, "0"], [y])] },
    Form("clip(x, 0 cast, 6 named anew)") { x, y in
      [
        NodeProto("Cast", ["integer 0"], ["\(y).0"], AttributeProto("to", 1)),
        NodeProto("Identity", ["6"], ["\(y).6"]),
        NodeProto("Clip", [x, "\(y).0", "\(y).6"], [y]),
      ]
    },
    Form("x − min(x, 0)") { x, y in
      [NodeProto("Min", ["0", x], ["\(y).min"]), NodeProto("Sub", [x, "\(y).min"], [y])]
    },
    Form("(x + |x|) / 2") { x, y in
      [
        NodeProto("Abs", [x], ["\(y).abs"]), NodeProto("Add", [x, "\(y).abs"], ["\(y).sum"]),
        NodeProto("Div", ["\(y).sum", "2"], [y]),
      ]
    },
    Form("½ (|x| + x)") { x, y in
      [
        NodeProto("Abs", [x], ["\(y).abs"]), NodeProto("Add", ["\(y).abs", x], ["\(y).sum"]),
        NodeProto("Mul", ["0.5", "\(y).sum"], [y]),
      ]
    },
    Form("½ x + ½ |x|") { x, y in
      [
        NodeProto("Abs", [x], ["\(y).abs"]), NodeProto("Mul", [x, "0.5"], ["\(y).a"]),
        NodeProto("Mul", ["\(y).abs", "0.5"], ["\(y).b"]),
        NodeProto("Add", ["\(y).a", "\(y).b"], [y]),
      ]
    },
    Form("½ (x + √x²)") { x, y in
      [
        NodeProto("Mul", [x, x], ["\(y).square"]),
        NodeProto("Sqrt", ["\(y).square"], ["\(y).root"]),
        NodeProto("Add", [x, "\(y).root"], ["\(y).sum"]),
        NodeProto("Mul", ["\(y).sum", "0.5"], [y]),
      ]
    },
    Form("(√x^2 + x) / 2") { x, y in
      [
        NodeProto("Pow", [x, "2"], ["\(y).square"]),
        NodeProto("Sqrt", ["\(y).square"], ["\(y).root"]),
        NodeProto("Add", ["\(y).root", x], ["\(y).sum"]), NodeProto("Div", ["\(y).sum", "2"], [y]),
      ]
    },
    Form("x · relu(sign x)") { x, y in
      [
        NodeProto("Sign", [x], ["\(y).sign"]), NodeProto("Relu", ["\(y).sign"], ["\(y).step"]),
        NodeProto("Mul", [x, "\(y).step"], [y]),
      ]
    },
    Form("x · clip(sign x, 0)") { x, y in
      [
        NodeProto("Sign", [x], ["\(y).sign"]),
        NodeProto("Clip", ["\(y).sign", "0"], ["\(y).step"]),
        NodeProto("Mul", ["\(y).step", x], [y]),
      ]
    },
    Form("x · (sign x + 1) / 2") { x, y in
      [
        NodeProto("Sign", [x], ["\(y).sign"]), NodeProto("Add", ["\(y).sign", "1"], ["\(y).sum"]),
        NodeProto("Div", ["\(y).sum", "2"], ["\(y).step"]),
        NodeProto("Mul", [x, "\(y).step"], [y]),
      ]
    },
    Form("x · (sign x + 1), halved") { x, y in
      [
        NodeProto("Sign", [x], ["\(y).sign"]), NodeProto("Add", ["\(y).sign", "1"], ["\(y).sum"]),
        NodeProto("Mul", [x, "\(y).sum"], ["\(y).twice"]),
        NodeProto("Div", ["\(y).twice", "2"], [y]),
      ]
    },
    Form("x · (½ sign x + ½)") { x, y in
      [
        NodeProto("Sign", [x], ["\(y).sign"]),
        NodeProto("Mul", ["\(y).sign", "0.5"], ["\(y).half"]),
        NodeProto("Add", ["0.5", "\(y).half"], ["\(y).step"]),
        NodeProto("Mul", [x, "\(y).step"], [y]),
      ]
    },
    Form("x · heaviside(x, ½)") { x, y in
      [
        NodeProto("Less", [x, "0"], ["\(y).less"]), NodeProto("Equal", [x, "0"], ["\(y).equal"]),
        NodeProto("Where", ["\(y).less", "0", "1"], ["\(y).sign"]),
        NodeProto("Where", ["\(y).equal", "0.5", "\(y).sign"], ["\(y).step"]),
        NodeProto("Mul", [x, "\(y).step"], [y]),
      ]
    },
    Form("the largest of a stack") { x, y in
      [
        NodeProto("Shape", [x], ["\(y).shape"]),
        NodeProto("ConstantOfShape", ["\(y).shape"], ["\(y).zeros"]),
        NodeProto("Unsqueeze", [x, "axis"], ["\(y).a"]),
        NodeProto("Unsqueeze", ["\(y).zeros", "axis"], ["\(y).b"]),
        NodeProto("Concat", ["\(y).a", "\(y).b"], ["\(y).stack"], AttributeProto("axis", 0)),
        NodeProto("ReduceMax", ["\(y).stack", "axis"], [y], AttributeProto("keepdims", 0)),
      ]
    },
    Form("−min(−x, 0)") { x, y in
      [
        NodeProto("Neg", [x], ["\(y).negative"]),
        NodeProto("Min", ["\(y).negative", "0"], ["\(y).min"]), NodeProto("Neg", ["\(y).min"], [y]),
      ]
    },
    Form("−1 · clip(−1 · x, , 0)") { x, y in
      [
        NodeProto("Mul", [x, "-1"], ["\(y).negative"]),
        NodeProto("Clip", ["\(y).negative", "", "0"], ["\(y).min"]),
        NodeProto("Mul", ["-1", "\(y).min"], [y]),
      ]
    },
    Form("−min(−x, zeros like −x)") { x, y in
      [
        NodeProto("Neg", [x], ["\(y).negative"]),
        NodeProto("Shape", ["\(y).negative"], ["\(y).shape"]),
        NodeProto("ConstantOfShape", ["\(y).shape"], ["\(y).zeros"]),
        NodeProto("Min", ["\(y).negative", "\(y).zeros"], ["\(y).min"]),
        NodeProto("Neg", ["\(y).min"], [y]),
      ]
    },
    Form("x − where(x < 0, x, 0)") { x, y in
      [
        NodeProto("Less", [x, "0"], ["\(y).truth"]),
        NodeProto("Where", ["\(y).truth", x, "0"], ["\(y).negative"]),
        NodeProto("Sub", [x, "\(y).negative"], [y]),
      ]
    },
    Form("½ max(2 x, 0 of four axes)") { x, y in
      [
        NodeProto("Add", [x, x], ["\(y).twice"]),
        NodeProto("Max", ["\(y).twice", "0 of 4 axes"], ["\(y).max"]),
        NodeProto("Mul", ["\(y).max", "0.5"], [y]),
      ]
    },
    Form("where(−x < 0, x, 0)") { x, y in
      [
        NodeProto("Neg", [x], ["\(y).negative"]),
        NodeProto("Less", ["\(y).negative", "0"], ["\(y).truth"]),
        NodeProto("Where", ["\(y).truth", x, "0"], [y]),
      ]
    },
    Form("PRelu, slopes 0") { x, y in
      [
        NodeProto("Identity", ["slopes"], ["\(y).slopes"]),
        NodeProto("PRelu", [x, "\(y).slopes"], [y]),
      ]
    },
    Form("LeakyRelu, alpha 0") { x, y in
      [NodeProto("LeakyRelu", [x], [y], AttributeProto("alpha", Float(0)))]
    },
    Form("ThresholdedRelu, alpha 0") { x, y in
      [NodeProto("ThresholdedRelu", [x], [y], AttributeProto("alpha", Float(0)))]
    },
    Form("Elu, alpha 0") { x, y in
      [NodeProto("Elu", [x], [y], AttributeProto("alpha", Float(0)))]
    },
  ]

  private static func number(
    _ name: String, _ values: [Float], _ dims: [Int] = []
  ) -> TensorProto {
    TensorProto(TensorData(dims: dims, floats: values, name: name))
  }

  /// The recorded network in other words.
  private static func model(_ form: Form) throws -> ModelProto {
    let file = Recordings.folder("faults/rectifiers").appending(path: "model.onnx")
    var model = try ModelProto(decoding: Data(contentsOf: file), of: file.path)
    model.graph.node = model.graph.node.flatMap { node in
      node.opType == "Relu" ? form.nodes(node.input[0], node.output[0]) : [node]
    }
    model.graph.initializer += [
      number("0", [0]), number("1", [1]), number("2", [2]), number("0.5", [0.5]),
      number("6", [6]), number("-1", [-1]), number("0 of 4 axes", [0], [1, 1, 1, 1]),
      TensorProto(TensorData(dims: [1], integers: [0], name: "axis")),
      number("slopes", [Float](repeating: 0, count: 8), [8, 1, 1]),
      TensorProto(TensorData(dims: [], integers: [0], name: "integer 0")),
    ]
    return model
  }

  @Test("as it was recorded of nn.ReLU", arguments: forms)
  func agrees(form: Form) throws {
    let recorded = Recordings.folder("faults/rectifiers")
    let folder = try TemporaryFolder()
    for file in try FileManager.default.subpathsOfDirectory(atPath: recorded.path)
    where file.hasSuffix(".pb") || file == "case.json" {
      try folder.file(file, Data(contentsOf: recorded.appending(path: file)))
    }
    try folder.file("model.onnx", try Self.model(form).encoded())
    let golden = try GoldenCase(folder: folder.url)
    let attributions = golden.recordingChecks()
    #expect(attributions.count == 5)
    for check in golden.checks() + attributions {
      #expect(check.failure == nil, "\(check.name)")
      #expect(check.error < 1e-4 * check.leniency, "\(check.name): \(check.error)")
    }
  }

  @Test("where x is 0, the gradient is what the file says")
  func atZero() throws {
    let slopes: [String: Float] = [
      "where(x > 0, x, 0)": 0, "where(x ≥ 0, x, 0)": 1, "where(x < 0, 0, x)": 1,
      "where(¬ x < 0, x, 0)": 1, "x · (x > 0)": 0, "(x ≥ 0) · x": 1, "(x + |x|) / 2": 0.5,
      "max(x, 0)": 0, "PRelu, slopes 0": 0, "x · relu(sign x)": 0, "x · (sign x + 1) / 2": 0.5,
      "x · (½ sign x + ½)": 0.5, "x · heaviside(x, ½)": 0.5, "½ (x + √x²)": 0.5,
      "the largest of a stack": 0.5,
    ]
    for form in Self.forms {
      guard let slope = slopes[form.testDescription] else { continue }
      var model = try Self.model(form)
      model.graph.node = form.nodes("x", "y")
      model.graph.input = [ValueInfoProto("x", [1, 8, 2, 2])]
      model.graph.output = [ValueInfoProto("y", [])]
      let network = try Network(Model(model))
      for rule in [GradientRule.standard, .guided] {
        let plan = try network.plan(
          inputShape: [1, 8, 2, 2], readings: [Reading(.value("y"))], feed: .raw, rule: rule)
        _ = try plan.forward(Tensor([1, 8, 2, 2]))
        let gradient = try plan.backward([Tensor([1, 8, 2, 2], repeating: 1)])
        let expected = rule == .standard ? slope : 0
        #expect(gradient.scalars.allSatisfy { $0 == expected }, "\(form.testDescription)")
      }
    }
  }
}
