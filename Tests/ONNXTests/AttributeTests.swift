import ONNX
import Testing

@Suite("Attributes")
struct AttributeTests {
  let node = NodeProto(
    "Conv", ["x", "w"], ["y"], name: "conv1", .init("group", 2), .init("pads", [1, 1, 1, 1]),
    .init("alpha", Float(0.5)), .init("scales", [Float(1), 2]), .init("mode", "linear"),
    .init("value", TensorData(dims: [1], floats: [3])))

  @Test("Each kind reads back, and defaults stand in for what is missing")
  func values() throws {
    #expect(try node.int("group") == 2)
    #expect(try node.int("group", default: 1) == 2)
    #expect(try node.int("axis", default: 1) == 1)
    #expect(try node.int("axis") == nil)
    #expect(try node.ints("pads") == [1, 1, 1, 1])
    #expect(try node.ints("strides", default: [1, 1]) == [1, 1])
    #expect(try node.float("alpha") == 0.5)
    #expect(try node.float("beta", default: 0.75) == 0.75)
    #expect(try node.floats("scales") == [1, 2])
    #expect(try node.string("mode") == "linear")
    #expect(try node.string("auto_pad", default: "NOTSET") == "NOTSET")
    #expect(try node.tensor("value").map { try TensorData($0).floats() } == [3])
    #expect(try node.graph("body") == nil)
    #expect(try node.strings("names") == nil)
  }

  @Test("The wrong kind names node and attribute")
  func wrongKind() {
    #expect(throws: ONNXError.self) { try node.ints("group") }
    #expect(throws: ONNXError.self) { try node.graph("pads") }
    #expect {
      try node.int("pads")
    } throws: {
      "\($0)".contains("'conv1' (Conv)") && "\($0)".contains("'pads'")
    }
  }

  @Test("Files of IR version 1 do not say the kind")
  func untyped() throws {
    var node = node
    for i in node.attribute.indices { node.attribute[i].type = .undefined }
    #expect(try node.int("group") == 2)
    #expect(try node.ints("pads") == [1, 1, 1, 1])
    #expect(throws: ONNXError.self) { try node.float("group") }
  }

  @Test("A zero is written, not left out")
  func zero() throws {
    let bytes = try AttributeProto("axis", 0).encoded()
    #expect(Array(bytes) == [0x0A, 4] + Array("axis".utf8) + [0x18, 0, 0xA0, 0x01, 2])
  }

  @Test("Dimensions of a value, known and unknown")
  func dims() {
    #expect(ValueInfoProto("x", [-1, 3, 8]).dims == [nil, 3, 8])
    #expect(ValueInfoProto().dims == nil)
  }
}
