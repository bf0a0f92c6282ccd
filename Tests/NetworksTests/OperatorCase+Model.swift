import ONNX
import Tensors

@testable import Blocks
@testable import Graphs
@testable import Networks
@testable import Plans

extension OperatorCase {
  /// The case as a file: its first input is the network's, all others are stored in it.
  var model: ModelProto {
    let (node, constants) = node
    var proto = NodeProto(
      node.type.split(separator: ".").last.map(String.init) ?? node.type, node.inputs,
      node.outputs, name: node.name)
    proto.domain = node.type.split(separator: ".").dropLast().joined(separator: ".")
    proto.attribute = attributes.sorted { $0.key < $1.key }.compactMap {
      AttributeProto($0.key, $0.value)
    }
    var graph = GraphProto()
    graph.node = [proto]
    graph.initializer = zip(shapes.indices, inputs(seed: 1)).dropFirst().map { i, tensor in
      TensorProto(
        TensorData(dims: tensor.shape.dimensions, floats: tensor.scalars, name: "input\(i)"))
    }
    graph.initializer += constants.sorted { $0.key < $1.key }.map { TensorProto($0.key, $0.value) }
    let dims = shapes.first?.dimensions
    graph.input = [ValueInfoProto("input0", dims ?? [1])]
    graph.output = (0..<outputs).map { ValueInfoProto("output\($0)", []) }
    return ModelProto(graph: graph, operatorSetVersion: opset)
  }
}

extension AttributeProto {
  fileprivate init?(_ name: String, _ value: Attribute) {
    switch value {
    case .int(let value): self.init(name, value)
    case .ints(let values): self.init(name, values)
    case .float(let value): self.init(name, value)
    case .floats(let values): self.init(name, values)
    case .string(let value): self.init(name, value)
    case .constant(let value): self.init(name, TensorData(value, name: ""))
    case .strings, .other: return nil
    }
  }
}

extension TensorProto {
  fileprivate init(_ name: String, _ constant: Constant) {
    self.init(TensorData(constant, name: name))
  }
}

extension TensorData {
  fileprivate init(_ constant: Constant, name: String) {
    let (dims, scalars) = (constant.tensor.shape.dimensions, constant.tensor.scalars)
    if constant.isInteger {
      self.init(dims: dims, integers: constant.integers.map { Int64($0) }, name: name)
    } else {
      self.init(dims: dims, floats: scalars, name: name)
    }
  }
}
