import Foundation
@testable import ONNX

import Testing
import Tensors

@testable import Graphs
@testable import Networks

/// Large weights of two bytes a number stay as they are in the file until they are asked for.
@Suite struct PackedConstantTests {
  /// Every pattern of 16 bits, and some again.
  private static let patterns = (0..<70_000).map { UInt16(truncatingIfNeeded: $0) }

  private func constant(_ type: TensorProto.DataType) throws -> Constant {
    var tensor = TensorProto()
    tensor.name = "w"
    tensor.dims = [70, 1000]
    tensor.dataType = Int32(type.rawValue)
    tensor.rawData = Self.patterns.withUnsafeBytes { Data($0) }
    return try Constant(TensorData(tensor))
  }

  @Test("each number is that of its bits", arguments: [TensorProto.DataType.float16, .bfloat16])
  func values(_ type: TensorProto.DataType) throws {
    let constant = try constant(type)
    #expect(constant.shape == [70, 1000] && constant.count == 70_000)
    let expected = Self.patterns.map { bits in
      type == .bfloat16 ? Float(bitPattern: UInt32(bits) << 16) : half(bits)
    }
    for (found, expected) in zip(constant.tensor.scalars, expected) {
      #expect(found.bitPattern == expected.bitPattern || found.isNaN && expected.isNaN)
    }
    // All who ask get the same tensor.
    #expect(constant.tensor.owner == constant.tensor.owner)
  }

  /// A half by its definition: (−1)^s · 2^(e − 15) · (1 + m / 1024), or 2^−14 · m / 1024 where e is 0.
  private func half(_ bits: UInt16) -> Float {
    let (exponent, mantissa) = (Int(bits >> 10 & 31), Double(bits & 1023) / 1024)
    let size: Double =
      switch exponent {
      case 31: mantissa == 0 ? .infinity : .nan
      case 0: mantissa * 0x1p-14
      default: Double(sign: .plus, exponent: exponent - 15, significand: 1 + mantissa)
      }
    return Float(bits >> 15 == 0 ? size : -size)
  }

  @Test("shapes and costs are known without them; what runs has their numbers")
  func survey() throws {
    var weights = try constant(.float16)
    weights.tensor = weights.tensor.map { $0.isFinite && abs($0) < 100 ? $0 : 0 }
    func network(_ weights: Constant, cast: Bool) -> Network {
      Network(
        graph: Graph(
          inputs: [.init(name: "x", dimensions: [1, 70])], outputs: ["y"],
          nodes: (cast
            ? [Node("Cast", inputs: ["w"], outputs: ["v"], attributes: ["to": .int(1)])] : [])
            + [Node("MatMul", inputs: ["x", cast ? "v" : "w"], outputs: ["y"])],
          constants: ["w": weights]))
    }
    var random = SplitMix64(seed: 1)
    let x = Tensor.normal([1, 70], using: &random)
    // x · W by its definition.
    let expected = (0..<1000).map { column in
      (0..<70).reduce(0.0) { $0 + Double(x[0, $1]) * Double(weights.tensor[$1, column]) }
    }
    var tensor = TensorProto()
    tensor.dims = [70, 1000]
    tensor.dataType = Int32(TensorProto.DataType.float16.rawValue)
    let finite = zip(Self.patterns, weights.tensor.scalars).map { $1 == 0 ? 0 : $0 }
    tensor.rawData = finite.withUnsafeBytes { Data($0) }
    for cast in [false, true] {
      let network = network(try Constant(TensorData(tensor)), cast: cast)
      let summary = try network.summary(inputShape: [1, 70])
      #expect(summary.parameters == 70_000)
      #expect(try network.shapes(inputShape: [1, 70])["y"] == [1, 1000])
      let plan = try network.plan(
        inputShape: [1, 70], readings: [Reading("y")], feed: .raw, threads: 1)
      for (found, expected) in zip(try plan.forward(x)[0].scalars, expected) {
        #expect(abs(Double(found) - expected) < 1e-3)
      }
    }
  }
}
