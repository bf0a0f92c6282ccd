public import Tensors

/// A file in NumPy's format, which `numpy.load` reads.
///
/// Source: NumPy Enhancement Proposal 1, "A Simple File Format for NumPy Arrays", version 1.0.
public enum NPY {
  /// The bytes of a file that holds a tensor: 32-bit floats, little-endian, in C order.
  ///
  /// - Parameter tensor: Any shape.
  /// - Returns: The content of the file.
  public static func file(of tensor: Tensor) -> [UInt8] {
    let extents = tensor.shape.dimensions.map(String.init)
    // A tuple of one ends in a comma.
    let shape = extents.count == 1 ? "\(extents[0])," : extents.joined(separator: ", ")
    var header = "{'descr': '<f4', 'fortran_order': False, 'shape': (\(shape)), }"
    // Magic, version, length of the header and the header end at a multiple of 64.
    let length = (10 + header.utf8.count + 1 + 63) / 64 * 64 - 10
    header += String(repeating: " ", count: length - header.utf8.count - 1) + "\n"
    var bytes: [UInt8] = [0x93] + Array("NUMPY".utf8) + [1, 0]
    bytes += [UInt8(length & 0xFF), UInt8(length >> 8)]
    bytes += header.utf8
    bytes.reserveCapacity(bytes.count + 4 * tensor.count)
    for scalar in tensor.scalars {
      withUnsafeBytes(of: scalar.bitPattern.littleEndian) { bytes += $0 }
    }
    return bytes
  }
}
