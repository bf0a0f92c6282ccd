import Foundation
import Tensors

/// Recorded tensors beside the repository, if they are there.
enum Golden {
  /// `shared/golden-lucent` in the nearest folder above this file that has one.
  static let folder: URL? = {
    var folder = URL(filePath: #filePath)
    while folder.path.count > 1 {
      folder.deleteLastPathComponent()
      let candidate = folder.appending(path: "shared/golden-lucent")
      if FileManager.default.fileExists(atPath: candidate.path) { return candidate }
    }
    return nil
  }()

  /// Reads an ONNX TensorProto of floats: fields 1 (dims), 4 (float_data) and 9 (raw_data).
  static func tensor(_ name: String) throws -> Tensor {
    guard let folder else { throw CocoaError(.fileNoSuchFile) }
    let bytes = [UInt8](try Data(contentsOf: folder.appending(path: name)))
    var (at, dimensions, scalars) = (0, [Int](), [Float]())
    func varint() -> Int {
      var (value, shift) = (0, 0)
      while true {
        let byte = Int(bytes[at])
        at += 1
        value |= (byte & 0x7F) << shift
        shift += 7
        if byte < 0x80 { return value }
      }
    }
    while at < bytes.count {
      let key = varint()
      switch (key >> 3, key & 7) {
      case (1, 0): dimensions.append(varint())
      case (_, 0): _ = varint()
      case (let field, 2):
        let end = varint() + at
        if field == 1 { while at < end { dimensions.append(varint()) } }
        if field == 4 || field == 9 {
          for i in stride(from: at, to: end, by: 4) {
            let bits = (0..<4).reduce(UInt32(0)) { $0 | UInt32(bytes[i + $1]) << (8 * $1) }
            scalars.append(Float(bitPattern: bits))
          }
        }
        at = end
      default: throw CocoaError(.fileReadCorruptFile)
      }
    }
    return Tensor(Shape(dimensions), scalars)
  }
}
