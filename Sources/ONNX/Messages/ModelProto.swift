// The part of the ONNX format that this project reads and writes, after the specification's IR.md and its published
// field numbers. What is not here (sparse tensors, training info, annotations, types that are no tensors) is skipped.

/// A whole file.
package struct ModelProto: WireMessage {
  package var irVersion: Int64 = 0
  package var producerName = ""
  package var producerVersion = ""
  package var graph: GraphProto {
    get { graphs.first ?? GraphProto() }
    set { graphs = [newValue] }
  }
  /// Which version of which operator set the graph is written in.
  package var opsetImport: [OperatorSetIdProto] = []
  /// Free text by key: labels, input range and the like.
  package var metadataProps: [StringStringEntryProto] = []
  /// Operators defined by a body of other operators.
  package var functions: [FunctionProto] = []

  /// Whether there is a graph.
  package var hasGraph: Bool { !graphs.isEmpty }
  private var graphs: [GraphProto] = []

  package init() {}

  package mutating func read(_ field: Int, from reader: inout WireReader) throws(WireError) {
    switch field {
    case 1: try reader.read(&irVersion)
    case 2: try reader.read(&producerName)
    case 3: try reader.read(&producerVersion)
    case 7: try reader.readOne(&graphs)
    case 8: try reader.read(&opsetImport)
    case 14: try reader.read(&metadataProps)
    case 25: try reader.read(&functions)
    default: try reader.skip()
    }
  }

  package func write(to writer: inout WireWriter) {
    writer.write(irVersion, 1)
    writer.write(producerName, 2)
    writer.write(producerVersion, 3)
    writer.write(graphs, 7)
    writer.write(opsetImport, 8)
    writer.write(metadataProps, 14)
    writer.write(functions, 25)
  }
}

/// A text by its key.
package struct StringStringEntryProto: WireMessage {
  package var key = ""
  package var value = ""

  package init() {}

  package mutating func read(_ field: Int, from reader: inout WireReader) throws(WireError) {
    switch field {
    case 1: try reader.read(&key)
    case 2: try reader.read(&value)
    default: try reader.skip()
    }
  }

  package func write(to writer: inout WireWriter) {
    writer.write(key, 1)
    writer.write(value, 2)
  }
}

/// The version of a set of operators.
package struct OperatorSetIdProto: WireMessage {
  /// Empty for ONNX's own operators.
  package var domain = ""
  package var version: Int64 = 0

  package init() {}

  package mutating func read(_ field: Int, from reader: inout WireReader) throws(WireError) {
    switch field {
    case 1: try reader.read(&domain)
    case 2: try reader.read(&version)
    default: try reader.skip()
    }
  }

  package func write(to writer: inout WireWriter) {
    writer.write(domain, 1)
    writer.write(version, 2)
  }
}

/// A new operator, defined by others.
package struct FunctionProto: WireMessage {
  package var name = ""
  package var input: [String] = []
  package var output: [String] = []
  /// The names of attributes without a default.
  package var attribute: [String] = []
  package var node: [NodeProto] = []
  package var opsetImport: [OperatorSetIdProto] = []
  package var domain = ""
  /// Attributes with a default.
  package var attributeProto: [AttributeProto] = []
  package var overload = ""

  package init() {}

  package mutating func read(_ field: Int, from reader: inout WireReader) throws(WireError) {
    switch field {
    case 1: try reader.read(&name)
    case 4: try reader.read(&input)
    case 5: try reader.read(&output)
    case 6: try reader.read(&attribute)
    case 7: try reader.read(&node)
    case 9: try reader.read(&opsetImport)
    case 10: try reader.read(&domain)
    case 11: try reader.read(&attributeProto)
    case 13: try reader.read(&overload)
    default: try reader.skip()
    }
  }

  package func write(to writer: inout WireWriter) {
    writer.write(name, 1)
    writer.write(input, 4)
    writer.write(output, 5)
    writer.write(attribute, 6)
    writer.write(node, 7)
    writer.write(opsetImport, 9)
    writer.write(domain, 10)
    writer.write(attributeProto, 11)
    writer.write(overload, 13)
  }
}
