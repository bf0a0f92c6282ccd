#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

extension TensorProto {
  /// The message for a tensor, its scalars in `raw_data`.
  ///
  /// Floating point is written as float32, whatever it was read from; integers and booleans keep their
  /// kind, and integers too large for it their low bits.
  package init(_ data: TensorData) {
    self.init()
    name = data.name
    dims = data.dims.map { Int64($0) }
    dataType = Int32(data.elementType.rawValue)
    switch data.scalars {
    case .floats(let values):
      dataType = Int32(DataType.float.rawValue)
      rawData = bytes(values.lazy.map(\.bitPattern))
    case .strings(let values):
      stringData = values.map { Data($0.utf8) }
    case .integers(let values):
      rawData =
        switch data.elementType {
        case .bool, .int8, .uint8: bytes(values.lazy.map { UInt8(truncatingIfNeeded: $0) })
        case .int16, .uint16: bytes(values.lazy.map { UInt16(truncatingIfNeeded: $0) })
        case .int32, .uint32: bytes(values.lazy.map { UInt32(truncatingIfNeeded: $0) })
        default: bytes(values)
        }
    }
  }
}

extension TensorData {
  /// Writes a `.pb` file that holds this tensor alone, as ONNX's backend tests do.
  package func write(to path: String) throws(ONNXError) {
    try TensorProto(self).write(to: path)
  }
}

extension Model {
  /// Writes the file, without the external data that it may refer to.
  package func write(to path: String) throws(ONNXError) {
    try proto.write(to: path)
  }
}

/// Integers, little-endian, one after the other.
private func bytes<Bits: FixedWidthInteger>(_ values: some Collection<Bits>) -> Data {
  let width = MemoryLayout<Bits>.size
  var data = Data(count: values.count * width)
  data.withUnsafeMutableBytes { buffer in
    for (i, value) in values.enumerated() {
      buffer.storeBytes(of: value.littleEndian, toByteOffset: i * width, as: Bits.self)
    }
  }
  return data
}
