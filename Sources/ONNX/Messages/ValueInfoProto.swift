/// The name and the type of an input or output.
package struct ValueInfoProto: WireMessage {
  package var name = ""
  package var type: TypeProto {
    get { types.first ?? TypeProto() }
    set { types = [newValue] }
  }
  private var types: [TypeProto] = []

  package init() {}

  package mutating func read(_ field: Int, from reader: inout WireReader) throws(WireError) {
    switch field {
    case 1: try reader.read(&name)
    case 2: try reader.readOne(&types)
    default: try reader.skip()
    }
  }

  package func write(to writer: inout WireWriter) {
    writer.write(name, 1)
    writer.write(types, 2)
  }
}

/// What kind of value something is; only tensors are read.
package struct TypeProto: WireMessage {
  package struct Tensor: WireMessage {
    /// A `TensorProto.DataType`.
    package var elemType: Int32 = 0
    package var shape: TensorShapeProto {
      get { shapes.first ?? TensorShapeProto() }
      set { shapes = [newValue] }
    }
    /// Whether at least the rank is known.
    package var hasShape: Bool { !shapes.isEmpty }
    private var shapes: [TensorShapeProto] = []

    package init() {}

    package mutating func read(_ field: Int, from reader: inout WireReader) throws(WireError) {
      switch field {
      case 1: try reader.read(&elemType)
      case 2: try reader.readOne(&shapes)
      default: try reader.skip()
      }
    }

    package func write(to writer: inout WireWriter) {
      writer.write(elemType, 1)
      writer.write(shapes, 2)
    }
  }

  package var tensorType: Tensor {
    get { tensors.first ?? Tensor() }
    set { tensors = [newValue] }
  }
  private var tensors: [Tensor] = []

  package init() {}

  package mutating func read(_ field: Int, from reader: inout WireReader) throws(WireError) {
    if field == 1 { try reader.readOne(&tensors) } else { try reader.skip() }
  }

  package func write(to writer: inout WireWriter) { writer.write(tensors, 1) }
}

/// The extents of a tensor.
package struct TensorShapeProto: WireMessage {
  package struct Dimension: WireMessage {
    package enum Value: Sendable, Hashable {
      case dimValue(Int64)
      /// A name for an extent that is left open, such as `batch`.
      case dimParam(String)
    }

    /// Nothing where nothing is known.
    package var value: Value?

    package init() {}

    /// An extent.
    package init(_ value: Value?) { self.value = value }

    package mutating func read(_ field: Int, from reader: inout WireReader) throws(WireError) {
      switch field {
      case 1:
        var extent: Int64 = 0
        try reader.read(&extent)
        value = .dimValue(extent)
      case 2:
        var name = ""
        try reader.read(&name)
        value = .dimParam(name)
      default: try reader.skip()
      }
    }

    package func write(to writer: inout WireWriter) {
      switch value {
      case .dimValue(let extent)?: writer.write(said: extent, 1)
      case .dimParam(let name)?: writer.write([name], 2)
      case nil: break
      }
    }
  }

  package var dim: [Dimension] = []

  package init() {}

  package mutating func read(_ field: Int, from reader: inout WireReader) throws(WireError) {
    if field == 1 { try reader.read(&dim) } else { try reader.skip() }
  }

  package func write(to writer: inout WireWriter) { writer.write(dim, 1) }
}
