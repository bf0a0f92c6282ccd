import Foundation
import Testing

@testable import ONNX

/// Floats of a byte or less, against the tables of the OCP's and Graphcore's definitions.
@Suite struct ShortFloatTests {
  private static let formats: [(ShortFloat, bits: Int)] = [
    (.e4m3FN, 8), (.e4m3FNUZ, 8), (.e5m2, 8), (.e5m2FNUZ, 8), (.e2m1, 4),
  ]

  @Test("the smallest, the largest and what is no number")
  func table() {
    let known: [(ShortFloat, UInt8, Float)] = [
      (.e4m3FN, 0x01, 0x1p-9), (.e4m3FN, 0x08, 0x1p-6), (.e4m3FN, 0x7E, 448), (.e4m3FN, 0xB8, -1),
      (.e4m3FNUZ, 0x01, 0x1p-10), (.e4m3FNUZ, 0x40, 1), (.e4m3FNUZ, 0x7F, 240),
      (.e5m2, 0x01, 0x1p-16), (.e5m2, 0x3D, 1.25), (.e5m2, 0x7B, 57344), (.e5m2, 0xFC, -.infinity),
      (.e5m2FNUZ, 0x01, 0x1p-17), (.e5m2FNUZ, 0x7F, 57344),
      (.e2m1, 1, 0.5), (.e2m1, 5, 3), (.e2m1, 7, 6), (.e2m1, 15, -6),
    ]
    for (format, bits, value) in known { #expect(format.decoded(bits) == value) }
    let none: [(ShortFloat, UInt8)] = [
      (.e4m3FN, 0x7F), (.e4m3FN, 0xFF), (.e4m3FNUZ, 0x80), (.e5m2, 0x7D), (.e5m2FNUZ, 0x80),
    ]
    for (format, bits) in none { #expect(format.decoded(bits).isNaN) }
  }

  @Test(
    "a number goes to the nearest of all that there are, of two to the even one", arguments: 0..<5)
  func nearest(_ index: Int) {
    let (format, bits) = Self.formats[index]
    // Odd codes have an odd mantissa.
    let all = (0..<1 << (bits - 1)).map { format.decoded(UInt8($0)) }.filter(\.isFinite)
    #expect(all == all.sorted() && all.last == format.largest)
    for (code, (low, high)) in zip(all, all.dropFirst()).enumerated() {
      let middle = (low + high) / 2
      #expect(format.rounded(low, saturates: false) == low)
      #expect(format.rounded(middle, saturates: false) == (code.isMultiple(of: 2) ? low : high))
      #expect(format.rounded(middle.nextUp, saturates: false) == high)
      #expect(format.rounded(-middle.nextDown, saturates: false) == -low)
    }
    #expect(format.rounded(1e9, saturates: true) == format.largest)
    #expect(format.rounded(-.infinity, saturates: true) == -format.largest)
  }

  @Test("what is too large is infinite, or no number where there is no infinity")
  func beyond() {
    #expect(ShortFloat.e5m2.rounded(-1e9, saturates: false) == -.infinity)
    #expect(ShortFloat.e4m3FN.rounded(1e9, saturates: false).isNaN)
    #expect(ShortFloat.e4m3FNUZ.rounded(.infinity, saturates: false).isNaN)
    #expect(ShortFloat.e2m1.rounded(1e9, saturates: false) == 6)
  }

  @Test("two and four in a byte, the low bits first; what is left over of the last is none")
  func packed() throws {
    func scalars(_ type: TensorProto.DataType, _ dims: [Int64], _ bytes: [UInt8]) throws -> [Float]
    {
      var tensor = TensorProto()
      (tensor.dims, tensor.dataType) = (dims, Int32(type.rawValue))
      tensor.rawData = Data(bytes)
      let raw = try TensorData(tensor).floats()
      // The same in the typed field, a byte an entry.
      (tensor.rawData, tensor.int32Data) = (Data(), bytes.map { Int32($0) })
      #expect(try TensorData(tensor).floats() == raw)
      return raw
    }
    #expect(try scalars(.int4, [3], [0x87, 0x0F]) == [7, -8, -1])
    #expect(try scalars(.uint4, [3], [0x87, 0x0F]) == [7, 8, 15])
    #expect(try scalars(.int2, [5], [0b1110_0100, 0b10]) == [0, 1, -2, -1, -2])
    #expect(try scalars(.uint2, [5], [0b1110_0100, 0b10]) == [0, 1, 2, 3, 2])
    #expect(try scalars(.float4E2M1, [2], [0xF1]) == [0.5, -6])
    #expect(try scalars(.float8E8M0, [2], [127, 0]) == [1, 0x1p-127])
    #expect(throws: ONNXError.self) { try scalars(.int4, [3], [0x87]) }
    #expect(throws: ONNXError.self) { try scalars(.int2, [4], [1, 2]) }
  }
}
