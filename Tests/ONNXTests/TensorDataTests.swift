import Foundation
import TestSupport
import Testing

@testable import ONNX

@Suite("Tensor decoding")
struct TensorDataTests {
  /// A message of one kind with raw bytes.
  func tensor(_ type: TensorProto.DataType, _ dims: [Int64], raw: [UInt8]) -> TensorProto {
    var message = TensorProto()
    message.name = "t"
    message.dims = dims
    message.dataType = Int32(type.rawValue)
    message.rawData = Data(raw)
    return message
  }

  @Test("Raw bytes of every floating-point kind")
  func rawFloats() throws {
    let cases: [(TensorProto.DataType, [UInt8])] = [
      (.float, [0, 0, 0xC0, 0x3F, 0, 0, 0, 0xC0]),
      (.double, [0, 0, 0, 0, 0, 0, 0xF8, 0x3F, 0, 0, 0, 0, 0, 0, 0, 0xC0]),
      (.float16, [0x00, 0x3E, 0x00, 0xC0]),
      (.bfloat16, [0xC0, 0x3F, 0x00, 0xC0]),
    ]
    for (type, raw) in cases {
      #expect(try TensorData(tensor(type, [2], raw: raw)).floats() == [1.5, -2], "\(type)")
    }
  }

  @Test("Raw bytes of every integer kind")
  func rawIntegers() throws {
    let cases: [(TensorProto.DataType, [UInt8], Int64)] = [
      (.int8, [0xFE], -2), (.uint8, [0xFE], 254), (.bool, [7], 1),
      (.int16, [0xFE, 0xFF], -2), (.uint16, [0xFE, 0xFF], 65534),
      (.int32, [0xFE, 0xFF, 0xFF, 0xFF], -2), (.uint32, [0xFE, 0xFF, 0xFF, 0xFF], 4_294_967_294),
      (.int64, [0xFE] + Array(repeating: 0xFF, count: 7), -2),
      (.uint64, [0xFE, 0, 0, 0, 0, 0, 0, 1], 0x0100_0000_0000_00FE),
    ]
    for (type, raw, value) in cases {
      let data = try TensorData(tensor(type, [], raw: raw))
      #expect(try data.integers() == [value], "\(type)")
      #expect(try data.floats() == [Float(value)], "\(type)")
      #expect(TensorProto(data).rawData == (type == .bool ? Data([1]) : Data(raw)), "\(type)")
    }
  }

  @Test("Typed fields, with the kinds that share int32_data")
  func typedFields() throws {
    func decode(_ type: TensorProto.DataType, _ fill: (inout TensorProto) -> Void) throws
      -> TensorData
    {
      var message = tensor(type, [2], raw: [])
      fill(&message)
      return try TensorData(message)
    }
    #expect(try decode(.float) { $0.floatData = [1, 2] }.floats() == [1, 2])
    #expect(try decode(.double) { $0.doubleData = [1, 2] }.floats() == [1, 2])
    #expect(try decode(.float16) { $0.int32Data = [0x3C00, 0xC000] }.floats() == [1, -2])
    #expect(try decode(.bfloat16) { $0.int32Data = [0x3F80, 0xC000] }.floats() == [1, -2])
    #expect(try decode(.int64) { $0.int64Data = [1, -2] }.integers() == [1, -2])
    #expect(try decode(.uint64) { $0.uint64Data = [1, 2] }.integers() == [1, 2])
    #expect(try decode(.int32) { $0.int32Data = [1, -2] }.integers() == [1, -2])
    #expect(try decode(.int8) { $0.int32Data = [1, -2] }.integers() == [1, -2])
    #expect(try decode(.bool) { $0.int32Data = [0, 1] }.integers() == [0, 1])
    let text = try decode(.string) { $0.stringData = [Data("cat".utf8), Data("dog".utf8)] }
    #expect(text.scalars == .strings(["cat", "dog"]))
    #expect(throws: ONNXError.self) { try text.floats() }
    #expect(throws: ONNXError.self) { try decode(.uint64) { $0.uint64Data = [1, .max] } }
  }

  @Test("Halves are exact, subnormals, infinities and NaN included")
  func halves() throws {
    let bits: [UInt16] = [0, 0x8000, 1, 0x03FF, 0x0400, 0x3555, 0x7BFF, 0xFBFF, 0x7C00, 0xFC00]
    let values: [Float] = [
      0, -0.0, 0x1p-24, 0x3FFp-24, 0x1p-14, 0x1.554p-2, 65504, -65504, .infinity, -.infinity,
    ]
    let raw = bits.flatMap { [UInt8($0 & 0xFF), UInt8($0 >> 8)] }
    let decoded = try TensorData(tensor(.float16, [10], raw: raw)).floats()
    #expect(decoded.map(\.bitPattern) == values.map(\.bitPattern))
    #expect(try TensorData(tensor(.float16, [1], raw: [1, 0x7C])).floats()[0].isNaN)
  }

  #if !(os(macOS) && arch(x86_64))
    @Test("All 65,536 halves are what the machine makes of them")
    func allHalves() throws {
      let raw = (0...UInt16.max).flatMap { [UInt8($0 & 0xFF), UInt8($0 >> 8)] }
      let decoded = try TensorData(tensor(.float16, [65536], raw: raw)).floats()
      let wrong = (0...UInt16.max).filter { bits in
        let (mine, native) = (decoded[Int(bits)], Float(Float16(bitPattern: bits)))
        return mine.isNaN ? !native.isNaN : mine.bitPattern != native.bitPattern
      }
      #expect(wrong.isEmpty)
    }

    @Test("Each number is written as the nearest half, small ones rounded once")
    func writtenHalves() {
      var random = SystemRandomNumberGenerator()
      // A little above the middle between 0 and the smallest half.
      let ties: [Float] = [0x1p-25, 0x1.0001p-25, 0x1.8p-24, 0x1.8001p-24, 0x1.7fffp-24, 0x1p-14]
      let drawn = (0..<20_000).map { _ in
        Float(bitPattern: UInt32.random(in: 0...UInt32.max, using: &random))
      }
      let small = (0..<20_000).map { _ in Float.random(in: -0x1p-13...0x1p-13, using: &random) }
      let all = (ties + small + drawn).filter { !$0.isNaN }
      let bytes = TensorProto.DataType.float16.bytes(of: all)
      let wrong = all.indices.filter {
        UInt16(bytes[2 * $0]) | UInt16(bytes[2 * $0 + 1]) << 8 != Float16(all[$0]).bitPattern
      }
      #expect(wrong.isEmpty, "\(wrong.prefix(3).map { all[$0] })")
    }
  #endif

  @Test("What is written reads back")
  func roundTrip() throws {
    let folder = try TemporaryFolder()
    let path = "\(folder.path)/tensor.pb"
    for data in [
      TensorData(dims: [2, 2], floats: [1, -0.5, .infinity, 0x1p-149], name: "a"),
      TensorData(dims: [], integers: [.min], name: "b"),
      TensorData(dims: [0, 3], floats: []),
    ] {
      try data.write(to: path)
      #expect(try TensorData(contentsOf: path) == data)
    }
  }

  /// Kinds of a few bits, and codes of theirs that all mean another number.
  private static let kinds: [(TensorProto.DataType, bits: Int)] = [
    (.float, 32), (.double, 64), (.float16, 16), (.bfloat16, 16), (.float8E4M3Fn, 8),
    (.float8E4M3Fnuz, 8), (.float8E5M2, 8), (.float8E5M2Fnuz, 8), (.float8E8M0, 8),
    (.float4E2M1, 4), (.int2, 2), (.uint2, 2), (.int4, 4), (.uint4, 4), (.int8, 8), (.uint8, 8),
    (.int16, 16), (.uint16, 16), (.int32, 32), (.uint32, 32), (.int64, 64), (.uint64, 64),
  ]

  @Test("What is read is written in its own kind, bit for bit, packed or not", arguments: kinds)
  func ownKind(_ type: TensorProto.DataType, bits: Int) throws {
    for count in [7, 255, 1 << 16 + 1] {
      var random = SystemRandomNumberGenerator()
      var raw = (0..<(count * bits + 7) / 8).map { _ in UInt8.random(in: 0...255, using: &random) }
      // What is left over in the last byte is no scalar.
      if count * bits % 8 > 0 { raw[raw.count - 1] &= UInt8(1 << (count * bits % 8) - 1) }
      switch type {
      // Held as float32.
      case .double:
        raw = (0..<count).flatMap { _ in
          let value = Double(Float(bitPattern: UInt32.random(in: 0...UInt32.max, using: &random)))
          return withUnsafeBytes(of: value.bitPattern) { Array($0) }
        }
      // Held as integers with a sign.
      case .uint64: for i in raw.indices where i % 8 == 7 { raw[i] &= 127 }
      default: break
      }
      let read = try TensorData(tensor(type, [Int64(count)], raw: raw))
      let written = TensorProto(read)
      #expect(written.dataType == Int32(type.rawValue))
      // NaN has many codes, and may come back as another of them.
      var wrong = written.rawData != Data(raw)
      if wrong, let floats = try? read.floats(), floats.contains(where: \.isNaN) {
        let again = try TensorData(written).floats()
        wrong = !zip(again, floats).allSatisfy {
          $0.isNaN ? $1.isNaN : $0.bitPattern == $1.bitPattern
        }
      }
      #expect(!wrong, "\(count)")
    }
  }

  @Test("Dimensions that lie are refused before anything is allocated")
  func lies() {
    let dims: [[Int64]] = [
      [3], [-1], [2, -2], [50_000, 50_000], [.max, .max], [.max, .max, 0], [1 << 32, 1 << 32],
    ]
    for dims in dims {
      for type in [TensorProto.DataType.float, .int64, .bool] {
        #expect(throws: ONNXError.self) {
          try TensorData(self.tensor(type, dims, raw: Array(repeating: 0, count: 8 * 2 + 1)))
        }
      }
      #expect(throws: ONNXError.self) {
        var message = self.tensor(.float, dims, raw: [])
        message.floatData = [1, 2]
        return try TensorData(message)
      }
    }
  }

  @Test("Kinds that are not supported are named")
  func unsupported() {
    #expect {
      try TensorData(tensor(.complex64, [1], raw: [0]), of: "net.onnx")
    } throws: {
      "\($0)".contains("net.onnx: tensor 't'") && "\($0)".contains("complex64")
    }
    var newer = tensor(.float, [1], raw: [0, 0, 0, 0])
    newer.dataType = 99
    #expect(throws: ONNXError.self) { try TensorData(newer) }
  }
}
