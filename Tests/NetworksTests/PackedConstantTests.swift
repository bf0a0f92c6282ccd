import Foundation
@testable import ONNX

import Memory
import Testing
import Tensors

@testable import Graphs
@testable import Networks

/// Large weights of two bytes a number or fewer stay as they are in the file until they are asked for.
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

  @Test(
    "bytes and halves of bytes are the integers that they stand for",
    arguments: [TensorProto.DataType.int8, .uint8, .int4, .uint4])
  func integers(_ type: TensorProto.DataType) throws {
    // An odd number of numbers leaves half a byte.
    let count = 70_001
    let bits = [.int4, .uint4].contains(type) ? 4 : 8
    let bytes = (0..<(count * bits + 7) / 8).map { UInt8(truncatingIfNeeded: $0 &* 37) }
    var tensor = TensorProto()
    tensor.dims = [Int64(count)]
    tensor.dataType = Int32(type.rawValue)
    tensor.rawData = Data(bytes)
    let data = try TensorData(tensor)
    let constant = try Constant(data)
    #expect(constant.isPacked && constant.isInteger)
    // Two's complement, the lower half of a byte first.
    let expected = (0..<count).map { place -> Int in
      let number = bits == 8 ? Int(bytes[place]) : Int(bytes[place / 2]) >> (place % 2 * 4) & 15
      return [.int8, .int4].contains(type) && number >= 1 << (bits - 1)
        ? number - 1 << bits : number
    }
    #expect(try data.integers() == expected.map(Int64.init))
    #expect(constant.integers == expected)
    #expect(!constant.isPacked)
  }

  @Test(
    "listing a quantized network unpacks none of its weights; what runs has their numbers",
    arguments: [true, false])
  func quantized(perColumn: Bool) throws {
    let bytes = (0..<70_000).map { UInt8(truncatingIfNeeded: $0 &* 37) }
    var tensor = TensorProto()
    tensor.dims = [70, 1000]
    tensor.dataType = Int32(TensorProto.DataType.int8.rawValue)
    tensor.rawData = Data(bytes)
    let scales = (0..<(perColumn ? 1000 : 1)).map { 0.01 + 0.001 * Float($0 % 7) }
    func network(scales: [Float]) throws -> Network {
      Network(
        graph: Graph(
          inputs: [.init(name: "x", dimensions: [1, 70])], outputs: ["y"],
          nodes: [
            Node("DequantizeLinear", inputs: ["w", "s", "z"], outputs: ["v"]),
            Node("MatMul", inputs: ["x", "v"], outputs: ["y"]),
          ],
          constants: [
            "w": try Constant(TensorData(tensor)), "s": Constant(Tensor([scales.count], scales)),
            "z": Constant(Tensor([scales.count], repeating: 3), of: .int8),
          ]
        ).dequantizing())
    }
    let own = try network(scales: scales)
    _ = try own.summary(inputShape: [1, 70])
    #expect(own.graph.constants["w"]?.isPacked == true)
    #expect(own.graph.constants["v"]?.isPacked == true)
    var random = SplitMix64(seed: 1)
    let x = Tensor.normal([1, 70], using: &random)
    let plan = try own.plan(inputShape: [1, 70], readings: [Reading("y")], feed: .raw, threads: 1)
    // x · (W − 3) s by its definition.
    for (column, found) in try plan.forward(x)[0].scalars.enumerated() {
      let scale = Double(scales[perColumn ? column : 0])
      let expected = (0..<70).reduce(0.0) { sum, row in
        sum + Double(x[0, row]) * (Double(Int8(bitPattern: bytes[1000 * row + column])) - 3) * scale
      }
      #expect(abs(Double(found) - expected) < 1e-3)
    }
    // Scales that fit no axis are found without the numbers.
    let misfit = try network(scales: [1, 2, 3]).misfit(inputShape: [1, 70])
    #expect(misfit != nil)
  }

  @Test("listing products of whole numbers unpacks no weights; what runs has their numbers")
  func integerProducts() throws {
    let bytes = (0..<70_000).map { UInt8(truncatingIfNeeded: $0 &* 37) }
    var tensor = TensorProto()
    tensor.dims = [70, 1000]
    tensor.dataType = Int32(TensorProto.DataType.int8.rawValue)
    tensor.rawData = Data(bytes)
    let network = Network(
      graph: Graph(
        inputs: [.init(name: "x", dimensions: [1, 70])], outputs: ["y"],
        nodes: [
          Node("DynamicQuantizeLinear", inputs: ["x"], outputs: ["q", "s", "z"]),
          Node("MatMulInteger", inputs: ["q", "w", "z", "v"], outputs: ["y"]),
        ],
        constants: [
          "w": try Constant(TensorData(tensor)), "v": Constant(Tensor([1], [-5]), of: .int8),
        ]
      ).dequantizing())
    #expect(try network.summary(inputShape: [1, 70]).outputs[0].shape == [1, 1000])
    #expect(!network.graph.constants.values.contains { $0.count > 1 && !$0.isPacked })
    // From −1 to 1.55 in steps of 0.01: zero is 100, and all of these are whole.
    let whole = (0..<70).map { $0 == 0 ? 0 : $0 == 1 ? 255 : $0 * 3 }
    let x = Tensor([1, 70], whole.map { Float($0 - 100) / 100 })
    let plan = try network.plan(
      inputShape: [1, 70], readings: [Reading("y")], feed: .raw, threads: 1)
    for (column, found) in try plan.forward(x)[0].scalars.enumerated() {
      let expected = (0..<70).reduce(0) { sum, row in
        sum + (whole[row] - 100) * (Int(Int8(bitPattern: bytes[1000 * row + column])) + 5)
      }
      #expect(found == Float(expected))
    }
  }

  @Test("what is unpacked to run is counted")
  func counted() throws {
    let network = Network(
      graph: Graph(
        inputs: [.init(name: "x", dimensions: [1, 70])], outputs: ["y"],
        nodes: [Node("MatMul", inputs: ["x", "w"], outputs: ["y"])],
        constants: ["w": try constant(.bfloat16)]))
    func plan(_ bytes: Int) throws {
      try MemoryLimit.limited(to: bytes) {
        _ = try network.summary(inputShape: [1, 70])
        _ = try network.plan(inputShape: [1, 70], readings: [Reading("y")], feed: .raw, threads: 1)
      }
    }
    #expect(throws: MemoryError.self) { try plan(4 * 70_000) }
    try plan(4 * 80_000)
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
      #expect(network.graph.constants["w"]?.isPacked == true)
      #expect(try network.shapes(inputShape: [1, 70])["y"] == [1, 1000])
      let plan = try network.plan(
        inputShape: [1, 70], readings: [Reading("y")], feed: .raw, threads: 1)
      for (found, expected) in zip(try plan.forward(x)[0].scalars, expected) {
        #expect(abs(Double(found) - expected) < 1e-3)
      }
    }
  }
}
