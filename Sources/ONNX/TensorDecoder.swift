#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// From a tensor's message to its scalars; every claim of the message is checked before it is believed.
struct TensorDecoder {
  let tensor: TensorProto
  let file: String

  func failure(_ reason: String) -> ONNXError {
    .tensor(file: file, name: tensor.name, reason: reason)
  }

  func dims() throws(ONNXError) -> [Int] {
    if let negative = tensor.dims.first(where: { $0 < 0 }) {
      throw failure("has the negative dimension \(negative). The file is damaged.")
    }
    return tensor.dims.map { Int($0) }
  }

  /// The product of the dimensions.
  ///
  /// Zeros do not excuse the others: readers multiply them in an order of their own, enlarge them and add to them.
  func count(of dims: [Int]) throws(ONNXError) -> Int {
    var count = 1
    for extent in dims {
      let (product, overflow) = count.multipliedReportingOverflow(by: max(extent, 1))
      guard !overflow else {
        throw failure("has the absurd dimensions \(dims). The file is damaged.")
      }
      count = product
    }
    guard dims.contains(0) else { return count }
    guard count <= 1 << 32 else {
      throw failure("has the absurd dimensions \(dims) and no elements. The file is damaged.")
    }
    return 0
  }

  func elementType() throws(ONNXError) -> TensorProto.DataType {
    guard let type = TensorProto.DataType(rawValue: Int(tensor.dataType)), bits(of: type) != nil
    else {
      let name = TensorProto.DataType(rawValue: Int(tensor.dataType)).map { "\($0)" } ?? "?"
      throw failure(
        "has element type \(name) (\(tensor.dataType)), which is not supported. "
          + "Export the model in float32.")
    }
    return type
  }

  /// Bits a scalar in `raw_data`; 0 for strings, nil for kinds that are not supported.
  private func bits(of type: TensorProto.DataType) -> Int? {
    switch type {
    case .string: 0
    case .int2, .uint2: 2
    case .int4, .uint4, .float4E2M1: 4
    case .int8, .uint8, .bool, .float8E4M3Fn, .float8E4M3Fnuz, .float8E5M2, .float8E5M2Fnuz,
      .float8E8M0:
      8
    case .int16, .uint16, .float16, .bfloat16: 16
    case .float, .int32, .uint32: 32
    case .double, .int64, .uint64: 64
    default: nil
    }
  }

  /// The scalars; `count` of them, or an error.
  func scalars(count: Int) throws(ONNXError) -> TensorData.Scalars {
    guard !tensor.hasSegment else {
      throw failure("is one segment of a longer tensor, which is not supported.")
    }
    let type = try elementType()
    guard type != .string else { return try strings(count: count) }
    guard let bits = bits(of: type) else { throw failure("has no width") }
    let (bitCount, overflow) = count.multipliedReportingOverflow(by: bits)
    guard !overflow else { throw failure("claims \(count) scalars. The file is damaged.") }
    // Whole bytes; what is left over in the last one is no scalar.
    let byteCount = bitCount / 8 + (bitCount.isMultiple(of: 8) ? 0 : 1)

    if tensor.dataLocation == .external {
      return try scalars(externalData(byteCount: byteCount), of: type, count: count)
    }
    if !tensor.rawData.isEmpty || count == 0 {
      guard tensor.rawData.count == byteCount else {
        throw failure(
          "has \(tensor.rawData.count) bytes where its dimensions \(tensor.dims) need "
            + "\(byteCount). Download or export the file again.")
      }
      return try scalars(tensor.rawData, of: type, count: count)
    }
    return try typedScalars(count: count, of: type)
  }

  private func strings(count: Int) throws(ONNXError) -> TensorData.Scalars {
    try expect(tensor.stringData.count, count)
    return .strings(tensor.stringData.map { String(decoding: $0, as: UTF8.self) })
  }

  private func expect(_ found: Int, _ count: Int) throws(ONNXError) {
    guard found == count else {
      throw failure(
        "has \(found) scalars where its dimensions \(tensor.dims) need \(count). "
          + "Download or export the file again.")
    }
  }

  /// Scalars in the typed fields, one an entry.
  private func typedScalars(
    count: Int, of type: TensorProto.DataType
  ) throws(ONNXError) -> TensorData.Scalars {
    switch type {
    case .float:
      try expect(tensor.floatData.count, count)
      return .floats(tensor.floatData)
    case .double:
      try expect(tensor.doubleData.count, count)
      return .floats(tensor.doubleData.map { Float($0) })
    case .int64:
      try expect(tensor.int64Data.count, count)
      return .integers(tensor.int64Data)
    case .uint32, .uint64:
      try expect(tensor.uint64Data.count, count)
      return try .integers(signed(tensor.uint64Data))
    case .int2, .uint2, .int4, .uint4, .float4E2M1:
      // Bytes, an entry each.
      try expect(tensor.int32Data.count, (count * (bits(of: type) ?? 8) + 7) / 8)
      let bytes = Data(tensor.int32Data.map { UInt8(truncatingIfNeeded: $0) })
      return try scalars(bytes, of: type, count: count)
    default:
      try expect(tensor.int32Data.count, count)
      return packed(tensor.int32Data, of: type)
    }
  }

  /// The kinds that share `int32_data`: the low bits of every entry count.
  private func packed(_ entries: [Int32], of type: TensorProto.DataType) -> TensorData.Scalars {
    switch type {
    case .float16: .floats(entries.map { float(half: UInt16(truncatingIfNeeded: $0)) })
    case .bfloat16: .floats(entries.map { float(brain: UInt16(truncatingIfNeeded: $0)) })
    case _ where type.shortFloat != nil || type == .float8E8M0:
      shortFloats(entries.map { UInt8(truncatingIfNeeded: $0) }, of: type)
    case .bool: .integers(entries.map { $0 == 0 ? 0 : 1 })
    case .int8: .integers(entries.map { Int64(Int8(truncatingIfNeeded: $0)) })
    case .uint8: .integers(entries.map { Int64(UInt8(truncatingIfNeeded: $0)) })
    case .int16: .integers(entries.map { Int64(Int16(truncatingIfNeeded: $0)) })
    case .uint16: .integers(entries.map { Int64(UInt16(truncatingIfNeeded: $0)) })
    default: .integers(entries.map { Int64($0) })
    }
  }

  private func signed(_ values: [UInt64]) throws(ONNXError) -> [Int64] {
    guard values.allSatisfy({ $0 <= UInt64(Int64.max) }) else {
      throw failure("holds an integer above \(Int64.max), which is not supported.")
    }
    return values.map { Int64($0) }
  }

  /// What many numbers of a kind stay packed as.
  private static let packedFormats: [TensorProto.DataType: PackedNumbers.Format] = [
    .float16: .half, .bfloat16: .brain, .uint8: .byte, .int8: .signedByte, .uint4: .nibble,
    .int4: .signedNibble,
  ]

  /// Little-endian bytes, whose number has been checked.
  private func scalars(
    _ bytes: Data, of type: TensorProto.DataType, count: Int
  ) throws(ONNXError) -> TensorData.Scalars {
    func integers<Bits: FixedWidthInteger & BitwiseCopyable>(_: Bits.Type) -> [Int64] {
      copiedScalars(of: bytes, as: Bits.self).map { Int64(truncatingIfNeeded: $0) }
    }
    if count >= PackedNumbers.least, let format = Self.packedFormats[type] {
      return .packed(PackedNumbers(bytes, format, count: count))
    }
    return switch type {
    case .float: .floats(copiedScalars(of: bytes, as: Float.self))
    case .double: .floats(copiedScalars(of: bytes, as: Double.self).map { Float($0) })
    case .float16: .floats(copiedScalars(of: bytes, as: UInt16.self).map(float(half:)))
    case .bfloat16: .floats(copiedScalars(of: bytes, as: UInt16.self).map(float(brain:)))
    case .float8E4M3Fn, .float8E4M3Fnuz, .float8E5M2, .float8E5M2Fnuz, .float8E8M0:
      shortFloats(Array(bytes), of: type)
    case .float4E2M1: shortFloats(parts(of: bytes, bits: 4, count: count), of: type)
    case .int2: .integers(parts(of: bytes, bits: 2, count: count).map { signed($0, bits: 2) })
    case .uint2: .integers(parts(of: bytes, bits: 2, count: count).map { Int64($0) })
    case .int4: .integers(parts(of: bytes, bits: 4, count: count).map { signed($0, bits: 4) })
    case .uint4: .integers(parts(of: bytes, bits: 4, count: count).map { Int64($0) })
    case .bool: .integers(bytes.map { $0 == 0 ? 0 : 1 })
    case .int8: .integers(integers(Int8.self))
    case .uint8: .integers(integers(UInt8.self))
    case .int16: .integers(integers(Int16.self))
    case .uint16: .integers(integers(UInt16.self))
    case .int32: .integers(integers(Int32.self))
    case .uint32: .integers(integers(UInt32.self))
    case .uint64: try .integers(signed(copiedScalars(of: bytes, as: UInt64.self)))
    default: .integers(copiedScalars(of: bytes, as: Int64.self))
    }
  }
}
