import SwiftProtobuf

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

// Messages in one expression each, for export and for tests.

extension ModelProto {
  /// A model of one graph in ONNX's own operators.
  package init(
    graph: GraphProto, operatorSetVersion: Int = 18, metadata: [(key: String, value: String)] = []
  ) {
    self.init()
    // The oldest version of the format that goes with operator sets up to 18.
    irVersion = 8
    self.graph = graph
    opsetImport = [.with { $0.version = Int64(operatorSetVersion) }]
    metadataProps = metadata.map { StringStringEntryProto($0.key, $0.value) }
  }
}

extension NodeProto {
  /// One application of an operator.
  package init(
    _ opType: String, _ input: [String], _ output: [String], name: String = "",
    _ attributes: AttributeProto..., metadata: [(key: String, value: String)] = []
  ) {
    self.init()
    self.opType = opType
    self.input = input
    self.output = output
    self.name = name
    attribute = attributes
    metadataProps = metadata.map { StringStringEntryProto($0.key, $0.value) }
  }
}

extension AttributeProto {
  /// An integer.
  package init(_ name: String, _ value: Int) {
    self.init(name, .int)
    i = Int64(value)
  }

  /// Integers.
  package init(_ name: String, _ values: [Int]) {
    self.init(name, .ints)
    ints = values.map { Int64($0) }
  }

  /// A number.
  package init(_ name: String, _ value: Float) {
    self.init(name, .float)
    f = value
  }

  /// Numbers.
  package init(_ name: String, _ values: [Float]) {
    self.init(name, .floats)
    floats = values
  }

  /// Text.
  package init(_ name: String, _ value: String) {
    self.init(name, .string)
    s = Data(value.utf8)
  }

  /// A tensor.
  package init(_ name: String, _ value: TensorData) {
    self.init(name, .tensor)
    t = TensorProto(value)
  }

  private init(_ name: String, _ type: AttributeType) {
    self.init()
    self.name = name
    self.type = type
  }
}

extension ValueInfoProto {
  /// A tensor's name, kind and dimensions; a negative dimension stands for an unknown one.
  package init(_ name: String, _ dims: [Int], _ elementType: TensorProto.DataType = .float) {
    self.init()
    self.name = name
    type.tensorType.elemType = Int32(elementType.rawValue)
    type.tensorType.shape.dim = dims.map { extent in
      .with { if extent >= 0 { $0.dimValue = Int64(extent) } }
    }
  }

  /// The dimensions of a tensor, nil for each that is unknown; nil if not even the rank is known.
  package var dims: [Int?]? {
    guard case .tensorType(let tensor)? = type.value, tensor.hasShape else { return nil }
    return tensor.shape.dim.map { extent in
      guard case .dimValue(let value)? = extent.value, value >= 0 else { return nil }
      return Int(value)
    }
  }
}

extension StringStringEntryProto {
  /// A key and its value.
  package init(_ key: String, _ value: String) {
    self.init()
    self.key = key
    self.value = value
  }
}
