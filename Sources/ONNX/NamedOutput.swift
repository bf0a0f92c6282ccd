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
      Self.dropCallNumbers(&origins, at: deep)
    }
    let constants = Set(initializer.map(\.name))
    var layers: [String: String] = [:]
    for i in origins.indices where origins[i].modules.isEmpty {
      origins[i].nameAfterWeights(of: node[i], constants, layers)
      guard origins[i].isNamed, node[i].output.count == 1 else { continue }
      layers[node[i].output[0]] = origins[i].operation
    }
    return origins
  }

  /// Takes off the number that Keras 3 adds to the names of all layers when a model is called again, as
  /// exporters do: `block1_conv1_1`, `batch_normalization_1_1`.
  private static func dropCallNumbers(_ origins: inout [NodeOrigin], at deep: [Int]) {
    func outermost(_ path: String) -> String { String(path.prefix { $0 != "." }) }
    let layers = Set(deep.compactMap { origins[$0].modules.first.map(outermost) })
    let own = layers.map { layer in
      layer.counter == nil ? layer : String(layer[..<(layer.lastIndex(of: "_") ?? layer.endIndex)])
    }
    guard layers.count > 1, Set(own).count == layers.count,
      zip(layers, own).allSatisfy({ $0 != $1 })
    else { return }
    let names = Dictionary(uniqueKeysWithValues: zip(layers, own))
    for i in deep {
      origins[i].modules = origins[i].modules.map { path in
        let layer = outermost(path)
        return (names[layer] ?? layer) + path.dropFirst(layer.count)
      }
    }
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
    let nodes = nodesAfterInputs(origins)
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
  private func nodesAfterInputs(_ origins: [NodeOrigin]) -> [Int] {
    var values = Set(input.map(\.name)).subtracting(initializer.map(\.name))
    return node.indices.filter { i in
      let node = node[i]
      // What an exporter only renames stands under the name of what it renames.
      let isRenaming = node.opType == "Identity" && origins[i].modules.isEmpty
      guard node.opType != "Shape" && node.opType != "Size",
        node.output.contains(where: { !$0.isEmpty }),
        node.input.contains(where: values.contains)
          || node.attribute.contains(where: { $0.hasG || !$0.graphs.isEmpty })
      else { return false }
      values.formUnion(node.output)
      return !isRenaming
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
  /// Names a node that has only a number after its weight, and the addition of a bias after the bias.
  ///
  /// Numbers are `Conv_12`, Paddle's `Conv.12`, tf2onnx's `Transpose__12` or the value `193`; weights
  /// `layer1.0.conv1.weight` or `conv2d_3.w_0`. Without one, the node's operator will have to do.
  ///
  /// - Parameters:
  ///   - node: The node.
  ///   - constants: The names of all weights.
  ///   - layers: The names of the nodes before it, by the value that they make.
  fileprivate mutating func nameAfterWeights(
    of node: NodeProto, _ constants: Set<String>, _ layers: [String: String]
  ) {
    guard isNamed else { return }
    let number = operation.dropFirst(node.opType.count)
    let mark = number.prefix { $0 == "_" || $0 == "." }
    let isNumbered =
      operation.hasPrefix(node.opType) && ["_", ".", "__"].contains(mark)
      && number.count > mark.count && number.dropFirst(mark.count).allSatisfy(\.isNumber)
    let isBare =
      operation.allSatisfy { $0.isNumber } || operation.contains("::")
      || (operation.hasPrefix("input.") && operation.dropFirst(6).allSatisfy { $0.isNumber })
    guard isNumbered || isBare else { return }
    if let name = Self.layer(of: node, constants, layers) {
      operation = name
    } else if isBare || mark != "_" {
      operation = ""
      isNamed = false
    }
  }

  private static func layer(
    of node: NodeProto, _ constants: Set<String>, _ layers: [String: String]
  ) -> String? {
    guard node.opType == "Add" else {
      guard let weight = node.input.dropFirst().first(where: constants.contains) else { return nil }
      return stem(of: weight, [".weight", ".w_0"])
    }
    guard let bias = node.input.first(where: constants.contains) else { return nil }
    // Paddle calls a convolution's bias, made four-dimensional, by a number as well.
    if bias.hasPrefix("p2o.pd_op.reshape.") {
      return node.input.lazy.compactMap { layers[$0] }.first
    }
    return stem(of: bias, [".bias", ".b_0"])
  }

  private static func stem(of weight: String, _ suffixes: [String]) -> String? {
    suffixes.first(where: weight.hasSuffix).map { String(weight.dropLast($0.count)) }
  }
}
