#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

extension TensorProto {
  /// The message for a tensor, its scalars in `raw_data`, in the kind that they were read from.
  package init(_ data: TensorData) {
    self.init()
    name = data.name
    dims = data.dims.map { Int64($0) }
    dataType = Int32(data.elementType.rawValue)
    switch data.scalars {
    case .floats(let values): rawData = data.elementType.bytes(of: values)
    case .integers(let values): rawData = data.elementType.bytes(of: values)
    case .packed(let values): rawData = values.bytes
    case .strings(let values): stringData = values.map { Data($0.utf8) }
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
    try whole().write(to: path)
  }
}
