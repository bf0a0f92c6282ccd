/// A value of the graph under the name that its author would use.
package struct NamedOutput: Sendable, Equatable {
  /// Unique within the graph.
  ///
  /// `layer3.0.conv1` for a layer, `layer3.0` and `layer3` for blocks, `layer3.0.add` for an operation
  /// between layers.
  package var name: String

  /// The ONNX value; several names may stand for one, as a block ends with its last layer.
  package var value: String

  /// The node that makes the value, as an index into the graph's nodes.
  package var node: Int

  /// That node's operator: `Conv`.
  package var `operator`: String

  /// The module's class, where the exporter wrote it: `BasicBlock`, `Conv2d`; nil for operations.
  package var moduleClass: String?
}

extension GraphProto {
  /// Every node's origin, in the order of the nodes.
  ///
  /// TensorFlow puts the model's own name before every other; where all nodes share it, it is dropped.
  package var origins: [NodeOrigin] {
    var origins = node.map { NodeOrigin($0) }
    let deep = origins.indices.filter { !origins[$0].modules.isEmpty && !node[$0].isFromPyTorch }
    if let first = deep.first.map({ origins[$0].modules[0] }), deep.count > 1,
      deep.allSatisfy({ origins[$0].modules[0] == first }),
      deep.contains(where: { origins[$0].modules.count > 1 })
    {
      for i in deep {
        origins[i].modules = origins[i].modules.dropFirst().map {
          String($0.dropFirst(first.count + 1))
        }
      }
    }
    let constants = Set(initializer.map(\.name))
    for i in origins.indices where origins[i].modules.isEmpty {
      origins[i].nameAfterWeight(of: node[i], constants)
    }
    return origins
  }

  /// The paths of the modules around every node, outermost first, in the order of the nodes.
  package var modulePaths: [[String]] { origins.map(\.modules) }

  /// Layers, blocks and operations by name, in the order in which their values come to be; where a
  /// block ends with its last layer, the layer comes first.
  ///
  /// Values that do not depend on the graph's inputs (constants, shapes) have no names. The output of a
  /// module is that of its last node. Modules called several times have several outputs: `relu`,
  /// `relu_1`, `relu_2`, as in PyTorch's own tools.
  package var namedOutputs: [NamedOutput] {
    let origins = origins
    let nodes = nodesAfterInputs
    var namer = ModuleNamer(
      origins: nodes.map { origins[$0] }, operators: nodes.map { node[$0].opType })
    return namer.entries().map { entry in
      let index = nodes[entry.last]
      return NamedOutput(
        name: entry.name, value: node[index].output.first { !$0.isEmpty } ?? "", node: index,
        operator: node[index].opType, moduleClass: entry.moduleClass)
    }
  }

  /// The nodes whose outputs depend on what is in the graph's inputs, not only on their shapes.
  private var nodesAfterInputs: [Int] {
    var values = Set(input.map(\.name)).subtracting(initializer.map(\.name))
    return node.indices.filter { i in
      let node = node[i]
      guard node.opType != "Shape" && node.opType != "Size",
        node.output.contains(where: { !$0.isEmpty }),
        node.input.contains(where: values.contains)
          || node.attribute.contains(where: { $0.hasG || !$0.graphs.isEmpty })
      else { return false }
      values.formUnion(node.output)
      return true
    }
  }
}

extension NodeProto {
  /// Whether one of PyTorch's exporters named the node by its modules.
  fileprivate var isFromPyTorch: Bool {
    name.hasPrefix("/") || metadataProps.contains { $0.key == "pkg.torch.onnx.name_scopes" }
  }
}

extension NodeOrigin {
  /// Names a node that has only a number (`Conv_12`, or the value `193`) after its weight
  /// `layer1.0.conv1.weight`; without one, its operator will have to do.
  fileprivate mutating func nameAfterWeight(of node: NodeProto, _ constants: Set<String>) {
    guard isNamed else { return }
    let isNumbered = operation.hasPrefix(node.opType + "_") && operation.counter != nil
    let isBare =
      operation.allSatisfy { $0.isNumber } || operation.contains("::")
      || (operation.hasPrefix("input.") && operation.dropFirst(6).allSatisfy { $0.isNumber })
    guard isNumbered || isBare else { return }
    if let weight = node.input.dropFirst().first, constants.contains(weight),
      weight.hasSuffix(".weight")
    {
      operation = String(weight.dropLast(".weight".count))
    } else if isBare {
      operation = ""
      isNamed = false
    }
  }
}
