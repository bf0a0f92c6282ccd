#if canImport(FoundationEssentials)
  package import FoundationEssentials
#else
  package import Foundation
#endif

/// A named constant of a node: a size, a mode, a tensor, a graph.
package struct AttributeProto: WireMessage {
  /// Which of the fields counts.
  package enum AttributeType: Int, Sendable {
    /// Files of IR version 1 do not say.
    case undefined
    case float, int, string, tensor, graph, floats, ints, strings, tensors, graphs
    case sparseTensor, sparseTensors, typeProto, typeProtos
    /// One that the format got since.
    case other = -1
  }

  package var name = ""
  package var type: AttributeType {
    get { AttributeType(rawValue: Int(typeNumber)) ?? .other }
    set { typeNumber = Int32(newValue.rawValue) }
  }
  package var f: Float {
    get { number ?? 0 }
    set { number = newValue }
  }
  package var i: Int64 {
    get { integer.last ?? 0 }
    set { integer = [newValue] }
  }
  /// UTF-8.
  package var s: Data {
    get { text.last ?? Data() }
    set { text = [newValue] }
  }
  package var t: TensorProto {
    get { tensor.first ?? TensorProto() }
    set { tensor = [newValue] }
  }
  package var g: GraphProto {
    get { graph.first ?? GraphProto() }
    set { graph = [newValue] }
  }
  package var floats: [Float] = []
  package var ints: [Int64] = []
  package var strings: [Data] = []
  package var graphs: [GraphProto] = []
  /// Within a function: the caller's attribute that this one stands for.
  package var refAttrName = ""

  package var hasF: Bool { number != nil }
  package var hasI: Bool { !integer.isEmpty }
  package var hasS: Bool { !text.isEmpty }
  package var hasT: Bool { !tensor.isEmpty }
  package var hasG: Bool { !graph.isEmpty }

  private var typeNumber: Int32 = 0
  private var number: Float?
  // One element, or none: what is not there takes no room.
  private var integer: [Int64] = []
  private var text: [Data] = []
  private var tensor: [TensorProto] = []
  private var graph: [GraphProto] = []

  package init() {}

  package mutating func read(_ field: Int, from reader: inout WireReader) throws(WireError) {
    switch field {
    case 1: try reader.read(&name)
    case 2: try reader.read(&number)
    case 3: try reader.read(&integer)
    case 4: try reader.read(&text)
    case 5: try reader.readOne(&tensor)
    case 6: try reader.readOne(&graph)
    case 7: try reader.read(&floats)
    case 8: try reader.read(&ints)
    case 9: try reader.read(&strings)
    case 11: try reader.read(&graphs)
    case 20: try reader.read(&typeNumber)
    case 21: try reader.read(&refAttrName)
    default: try reader.skip()
    }
  }

  package func write(to writer: inout WireWriter) {
    writer.write(name, 1)
    writer.write(number, 2)
    if hasI { writer.write(said: i, 3) }
    writer.write(text, 4)
    writer.write(tensor, 5)
    writer.write(graph, 6)
    writer.write(floats, 7)
    writer.write(ints, 8)
    writer.write(strings, 9)
    writer.write(graphs, 11)
    writer.write(typeNumber, 20)
    writer.write(refAttrName, 21)
  }
}
