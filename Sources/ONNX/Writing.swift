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
      rawData = bytes(of: values)
    case .packed(let values):
      dataType = Int32(DataType.float.rawValue)
      rawData = bytes(of: values.floats)
    case .strings(let values):
      stringData = values.map { Data($0.utf8) }
    case .integers(let values):
      rawData =
        switch data.elementType {
        case .bool, .int8, .uint8: bytes(of: values.map { UInt8(truncatingIfNeeded: $0) })
        case .int16, .uint16: bytes(of: values.map { UInt16(truncatingIfNeeded: $0) })
        case .int32, .uint32: bytes(of: values.map { UInt32(truncatingIfNeeded: $0) })
        default: bytes(of: values)
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

/// The bytes of these scalars; a plain copy, as on reading.
private func bytes(of scalars: [some BitwiseCopyable]) -> Data {
  scalars.withUnsafeBytes { Data($0) }
}
