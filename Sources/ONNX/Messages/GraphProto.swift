/// A network, or the body of a branch.
package struct GraphProto: WireMessage {
  package var node: [NodeProto] = []
  package var name = ""
  /// Weights and other constants, by the value that each gives.
  package var initializer: [TensorProto] = []
  package var input: [ValueInfoProto] = []
  package var output: [ValueInfoProto] = []

  package init() {}

  package mutating func read(_ field: Int, from reader: inout WireReader) throws(WireError) {
    switch field {
    case 1: try reader.read(&node)
    case 2: try reader.read(&name)
    case 5: try reader.read(&initializer)
    case 11: try reader.read(&input)
    case 12: try reader.read(&output)
    default: try reader.skip()
    }
  }

  package func write(to writer: inout WireWriter) {
    writer.write(node, 1)
    writer.write(name, 2)
    writer.write(initializer, 5)
    writer.write(input, 11)
    writer.write(output, 12)
  }
}

/// One application of an operator.
package struct NodeProto: WireMessage {
  /// The values read; an empty name stands for an optional input left out.
  package var input: [String] = []
  package var output: [String] = []
  package var name = ""
  package var opType = ""
  package var attribute: [AttributeProto] = []
  /// Empty for ONNX's own operators.
  package var domain = ""
  package var overload = ""
  /// Where PyTorch's exporter writes the modules around the node.
  package var metadataProps: [StringStringEntryProto] = []

  package init() {}

  package mutating func read(_ field: Int, from reader: inout WireReader) throws(WireError) {
    switch field {
    case 1: try reader.read(&input)
    case 2: try reader.read(&output)
    case 3: try reader.read(&name)
    case 4: try reader.read(&opType)
    case 5: try reader.read(&attribute)
    case 7: try reader.read(&domain)
    case 8: try reader.read(&overload)
    case 9: try reader.read(&metadataProps)
    default: try reader.skip()
    }
  }

  package func write(to writer: inout WireWriter) {
    writer.write(input, 1)
    writer.write(output, 2)
    writer.write(name, 3)
    writer.write(opType, 4)
    writer.write(attribute, 5)
    writer.write(domain, 7)
    writer.write(overload, 8)
    writer.write(metadataProps, 9)
  }
}
