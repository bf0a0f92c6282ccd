#if canImport(FoundationEssentials)
  package import FoundationEssentials
#else
  package import Foundation
#endif

/// A tensor's extents, kind and scalars.
package struct TensorProto: WireMessage {
  /// The kinds of scalars.
  package enum DataType: Int, Sendable, CaseIterable {
    case undefined, float, uint8, int8, uint16, int16, int32, int64, string, bool, float16, double
    case uint32, uint64, complex64, complex128, bfloat16
    case float8E4M3Fn, float8E4M3Fnuz, float8E5M2, float8E5M2Fnuz, uint4, int4, float4E2M1
  }

  /// Where the scalars are.
  package enum DataLocation: Int32, Sendable {
    /// In the message.
    case `default`
    /// In a file that `externalData` names.
    case external
  }

  package var dims: [Int64] = []
  /// A `DataType`.
  package var dataType: Int32 = 0
  /// Whether these are some scalars of a longer tensor.
  package private(set) var hasSegment = false
  /// The scalars, in one of the fields that go with their kind, or in `rawData`.
  package var floatData: [Float] = []
  /// Also of all kinds that are narrower, and Booleans.
  package var int32Data: [Int32] = []
  package var stringData: [Data] = []
  package var int64Data: [Int64] = []
  package var name = ""
  /// The scalars' bytes, little-endian.
  package var rawData = Data()
  package var doubleData: [Double] = []
  /// Also of UInt32.
  package var uint64Data: [UInt64] = []
  /// `location`, `offset` and `length`.
  package var externalData: [StringStringEntryProto] = []
  package var dataLocation: DataLocation {
    get { DataLocation(rawValue: locationNumber) ?? .default }
    set { locationNumber = newValue.rawValue }
  }
  private var locationNumber: Int32 = 0

  package init() {}

  package mutating func read(_ field: Int, from reader: inout WireReader) throws(WireError) {
    switch field {
    case 1: try reader.read(&dims)
    case 2: try reader.read(&dataType)
    case 3:
      hasSegment = true
      try reader.skip()
    case 4: try reader.read(&floatData)
    case 5: try reader.read(&int32Data)
    case 6: try reader.read(&stringData)
    case 7: try reader.read(&int64Data)
    case 8: try reader.read(&name)
    case 9: try reader.read(&rawData)
    case 10: try reader.read(&doubleData)
    case 11: try reader.read(&uint64Data)
    case 13: try reader.read(&externalData)
    case 14: try reader.read(&locationNumber)
    default: try reader.skip()
    }
  }

  package func write(to writer: inout WireWriter) {
    writer.write(dims, 1)
    writer.write(dataType, 2)
    if hasSegment { writer.write([Data()], 3) }
    writer.write(floatData, 4)
    writer.write(int32Data, 5)
    writer.write(stringData, 6)
    writer.write(int64Data, 7)
    writer.write(name, 8)
    writer.write(rawData, 9)
    writer.write(doubleData, 10)
    writer.write(uint64Data, 11)
    writer.write(externalData, 13)
    writer.write(locationNumber, 14)
  }
}
