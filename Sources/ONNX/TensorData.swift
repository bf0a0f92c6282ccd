/// A tensor's scalars, decoded: dimensions, kind, and an array in row-major order.
package struct TensorData: Sendable, Equatable {
  /// The scalars in the widest type of their family.
  package enum Scalars: Sendable, Equatable {
    /// float32; float16 and bfloat16 exactly; double rounded to the nearest.
    case floats([Float])
    /// Many of two bytes or fewer, as they stand in the file.
    case packed(PackedNumbers)
    /// Every kind of integer; booleans as 0 and 1.
    case integers([Int64])
    /// Text.
    case strings([String])
  }

  /// The extents, outermost axis first; none for a scalar.
  package var dims: [Int]

  /// The kind in which the file keeps the scalars.
  package var elementType: TensorProto.DataType

  /// The scalars in row-major order.
  package var scalars: Scalars

  /// The tensor's name in its file; may be empty.
  package var name: String

  /// A tensor of float32.
  ///
  /// - Precondition: as many scalars as `dims` says.
  package init(dims: [Int], floats: [Float], name: String = "") {
    precondition(dims.reduce(1, *) == floats.count, "TensorData: \(floats.count) for \(dims)")
    self.dims = dims
    elementType = .float
    scalars = .floats(floats)
    self.name = name
  }

  /// A tensor of int64.
  ///
  /// - Precondition: as many scalars as `dims` says.
  package init(dims: [Int], integers: [Int64], name: String = "") {
    precondition(dims.reduce(1, *) == integers.count, "TensorData: \(integers.count) for \(dims)")
    self.dims = dims
    elementType = .int64
    scalars = .integers(integers)
    self.name = name
  }

  /// Decodes a message.
  ///
  /// - Parameters:
  ///   - tensor: The message.
  ///   - file: The file it stands in, whose folder holds external data; empty when there is none.
  /// - Throws: `.tensor` when dimensions and bytes disagree or the kind is not supported. Nothing is
  ///   allocated on the word of the dimensions alone.
  package init(_ tensor: TensorProto, of file: String = "") throws(ONNXError) {
    let decoder = TensorDecoder(tensor: tensor, file: file)
    dims = try decoder.dims()
    elementType = try decoder.elementType()
    name = tensor.name
    scalars = try decoder.scalars(count: decoder.count(of: dims))
  }

  /// Reads a `.pb` file that holds one tensor, as ONNX's backend tests do.
  package init(contentsOf path: String) throws(ONNXError) {
    try self.init(TensorProto(decoding: .init(readingFile: path), of: path), of: path)
  }

  /// How many scalars there are.
  package var count: Int {
    switch scalars {
    case .floats(let values): values.count
    case .packed(let values): values.count
    case .integers(let values): values.count
    case .strings(let values): values.count
    }
  }

  /// The scalars as float32; integers are rounded to the nearest.
  ///
  /// - Throws: `.tensor` for strings.
  package func floats() throws(ONNXError) -> [Float] {
    switch scalars {
    case .floats(let values): return values
    case .packed(let values): return values.floats
    case .integers(let values): return values.map { Float($0) }
    case .strings: throw .tensor(file: "", name: name, reason: "holds text, not numbers")
    }
  }

  /// The scalars as integers.
  ///
  /// - Throws: `.tensor` for floating point and strings.
  package func integers() throws(ONNXError) -> [Int64] {
    if case .integers(let values) = scalars { return values }
    if case .packed(let values) = scalars, let integers = values.integers { return integers }
    throw .tensor(file: "", name: name, reason: "holds \(elementType), not integers")
  }
}
