import Blocks
import Files
import Memory
package import ONNX
import SwiftProtobuf
import Tensors

extension Graph {
  /// Reads the graph of an ONNX file, sorted so that every node follows those it depends on.
  package init(_ model: Model) throws {
    let proto = model.graph
    try MemoryLimit.check(scalars: model.externalScalars, of: "what stands beside \(model.path)")
    var constants: [String: Constant] = [:]
    // What has no name cannot be read: an empty one stands for an input left out.
    for (place, tensor) in proto.initializer.enumerated() where !tensor.name.isEmpty {
      constants[tensor.name] = try Constant(try model.data(ofInitializer: place))
    }
    var inliner = BranchInliner(model)
    let nodes = try inliner.placed(proto.node, operatorSets: model.operatorSets)
    constants.merge(inliner.constants) { outer, _ in outer }
    self.init(
      inputs: proto.input.filter { constants[$0.name] == nil && !$0.name.isEmpty }.map(Input.init),
      outputs: proto.output.map(\.name).filter { !$0.isEmpty },
      nodes: try Self.sorted(
        try nodes.map { try Self.node($0, in: model) },
        known: Set(constants.keys).union(proto.input.map(\.name))),
      constants: constants)
  }

  private static func node(_ placed: BranchInliner.Placed, in model: Model) throws -> Node {
    var node = try Node(placed.node, in: model, operatorSets: placed.operatorSets)
    node.conditions = placed.conditions
    node.body = try placed.body.map { body in
      Node.Body(
        inputs: body.inputs, ownCount: body.ownCount, outputs: body.outputs,
        nodes: try sorted(
          try body.nodes.map { try Self.node($0, in: model) }, known: Set(body.inputs)))
    }
    return node
  }

  /// The nodes in an order in which they can run.
  ///
  /// - Throws: `NetworkError.cyclic` where there is none, `.invalidModel` where a name stands for two
  ///   values.
  private static func sorted(_ nodes: [Node], known: Set<String>) throws -> [Node] {
    var made = Set<String>(minimumCapacity: nodes.count)
    for node in nodes {
      for output in node.outputs where !output.isEmpty {
        guard !known.contains(output), made.insert(output).inserted else {
          throw NetworkError.invalidModel(
            "\(node.title) makes the value '\(output)', which there is already. "
              + "Export the model again.")
        }
      }
    }
    return try inRunningOrder(nodes)
  }

  /// The nodes as a program would run them that goes through all of them again and again, and runs those whose
  /// inputs are there; what nothing makes is reported where it is needed, with the node's name.
  private static func inRunningOrder(_ nodes: [Node]) throws -> [Node] {
    var makers = [String: Int](minimumCapacity: nodes.count)
    for (place, node) in nodes.enumerated() {
      for output in node.outputs where !output.isEmpty { makers[output] = place }
    }
    // How many inputs each node waits for, and who waits for it.
    var missing = [Int](repeating: 0, count: nodes.count)
    var readers = [[Int]](repeating: [], count: nodes.count)
    for (place, node) in nodes.enumerated() {
      for maker in node.reads.compactMap({ makers[$0] }) {
        missing[place] += 1
        readers[maker].append(place)
      }
    }
    var rounds = [Int](repeating: 0, count: nodes.count)
    var ready = nodes.indices.filter { missing[$0] == 0 }
    var done = 0
    while done < ready.count {
      let maker = ready[done]
      done += 1
      for reader in readers[maker] {
        // Who stands before it in the file waits for the next round.
        rounds[reader] = max(rounds[reader], rounds[maker] + (reader < maker ? 1 : 0))
        missing[reader] -= 1
        if missing[reader] == 0 { ready.append(reader) }
      }
    }
    guard done == nodes.count else {
      throw NetworkError.cyclic(nodes.indices.filter { missing[$0] > 0 }.map { nodes[$0].title })
    }
    return nodes.indices.sorted { (rounds[$0], $0) < (rounds[$1], $1) }.map { nodes[$0] }
  }
}

extension Graph.Input {
  fileprivate init(_ proto: ValueInfoProto) {
    self.init(
      name: proto.name,
      dimensions: proto.type.tensorType.shape.dim.map { dimension in
        if case .dimValue(let value)? = dimension.value, value > 0 { Int(value) } else { nil }
      })
    type = ElementType(rawValue: Int(proto.type.tensorType.elemType))
  }
}

extension Constant {
  /// Takes a constant from a file.
  package init(_ data: TensorData) throws {
    let type = ElementType(rawValue: data.elementType.rawValue)
    switch data.scalars {
    case .strings: throw NetworkError.invalidModel("a tensor of text as weights")
    case .packed(let numbers): self.init(PackedTensor(Shape(data.dims), numbers), of: type)
    case .floats, .integers: self.init(Tensor(Shape(data.dims), try data.floats()), of: type)
    }
  }
}

extension Node {
  fileprivate init(
    _ proto: NodeProto, in model: Model, operatorSets: [String: Int]
  ) throws {
    var attributes: [String: Attribute] = [:]
    for attribute in proto.attribute {
      attributes[attribute.name] = try Attribute(attribute, in: model)
    }
    let standard = proto.domain.isEmpty || proto.domain == "ai.onnx"
    self.init(
      standard ? proto.opType : "\(proto.domain).\(proto.opType)", name: proto.name,
      inputs: proto.input, outputs: proto.output, attributes: attributes,
      opset: operatorSets[standard ? "" : proto.domain] ?? model.operatorSetVersion)
  }
}

extension Attribute {
  fileprivate init(_ proto: AttributeProto, in model: Model) throws {
    switch proto.type {
    case .int: self = .int(Int(proto.i))
    case .ints: self = .ints(proto.ints.map { Int($0) })
    case .float: self = .float(proto.f)
    case .floats: self = .floats(proto.floats)
    case .string: self = .string(Self.text(proto.s))
    case .strings: self = .strings(proto.strings.map(Self.text))
    case .tensor: self = .constant(try Constant(try model.data(of: proto.t)))
    default: self = .other("\(proto.type)")
    }
  }

  /// A text that errors may show.
  private static func text(_ bytes: some Sequence<UInt8>) -> String {
    String(decoding: Array(bytes), as: UTF8.self).withVisibleControls
  }
}
