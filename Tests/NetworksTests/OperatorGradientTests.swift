import Autodiff
import Tensors
import Testing

@testable import Blocks
@testable import Graphs
@testable import Networks
@testable import Plans

@Suite struct OperatorGradientTests {
  /// The gradient checker promises 10⁻³ for smooth functions near 1; a wrong gradient gives about 1.
  @Test("The gradient is that of finite differences", arguments: OperatorCase.all)
  func differences(_ c: OperatorCase) throws {
    // Operators on numbers are differentiated once: the way back is not pulled back.
    let check = try checkGradient(at: c.inputs(seed: 5), seed: 7, forward: false) {
      try c.apply($0)
    }
    #expect(check.relativeError < 1e-3, "\(check.derivative), differences \(check.difference)")
    #expect(check.scale > 0, "nothing comes back")
  }

  /// What is constant but for jumps, or made of numbers alone, though its role does not say so.
  private static let withoutGradient: Set<String> = [
    "BitCast", "BitShift", "BlackmanWindow", "ConstantOfShape", "HammingWindow", "HannWindow",
    "Hardmax", "MelWeightMatrix", "Range",
  ]

  /// Under another name, straight through, or by the indices of a choice; tested below or as their twin.
  private static let elsewhere: Set<String> = [
    "DynamicQuantizeLinear", "OneHot", "QuantizeLinear", "Scatter", "SimplifiedLayerNormalization",
    "ai.onnx.ml.ZipMap", "com.microsoft.SimplifiedLayerNormalization",
  ]

  @Test("Every operator has a case, or none is possible")
  func complete() {
    let covered = Set(OperatorCase.all.map(\.type))
    let constant = Operator.table.values.filter { known in
      let call = TapeCall(node: Node(known.type, inputs: [], outputs: [""]), constants: [:])
      return [.step, .index, .constant].contains(known.role(call))
    }
    let missing = Set(Operator.table.keys).subtracting(covered).subtracting(constant.map(\.type))
      .subtracting(Self.withoutGradient).subtracting(Self.elsewhere)
    #expect(missing.isEmpty, "\(missing.sorted())")
  }

  @Test("Rounding to a coarse scale passes the gradient, also of what is cut off")
  func straightThrough() throws {
    let c = OperatorCase(
      "QuantizeLinear", [[3]], constants: [floats([], 0.5), nil], opset: 21)
    let gradient = try gradient(at: Tensor([3], [0.3, 7.2, 999])) { try c.apply([$0]).sum() }
    #expect(gradient.scalars == [2, 2, 2])
    // Its scale is that of the numbers: 1/64 for 0…255/64.
    let dynamic = OperatorCase("DynamicQuantizeLinear", [[3]])
    let own = try valueWithGradient(at: Tensor([3], [0.3, 255.0 / 64, 0])) {
      try dynamic.apply([$0]).sum()
    }
    #expect(own.gradient.scalars == [64, 64, 64])
  }

  @Test("The choice of two values passes the gradient to them")
  func oneHot() throws {
    let node = Node("OneHot", inputs: ["i", "d", "v"], outputs: ["y"])
    let constants = ["i": integers(1, 2), "d": integers(4)]
    let gradient = try gradient(at: Tensor([2], [0, 1])) { values in
      let call = TapeCall(node: node, constants: constants).with([values])
      return try (Operator.table["OneHot"]?.run(call) ?? values).sum()
    }
    #expect(gradient.scalars == [6, 2])
  }
}
