import Tensors

extension Graph {
  /// The same graph with what Constant nodes say among the constants, as weights in the file itself are.
  ///
  /// One that says nothing that can be read here stays and is reported where it is needed.
  package func collectingConstants() -> Graph {
    var graph = self
    graph.nodes = nodes.filter { node in
      guard node.type == "Constant", let name = node.outputs.first, !name.isEmpty,
        let constant = node.constantValue
      else { return true }
      graph.constants[name] = constant
      return false
    }
    return graph
  }

  /// The same graph with constants that are only named anew, and single numbers that are cast to floating point, among
  /// the constants.
  ///
  /// PyTorch's exporter stores weights that are equal once, and names them anew for each that has them; limits of clamps
  /// and zeros of rectifiers come so where an exporter folds nothing.
  package func foldingCopies() -> Graph {
    var graph = self
    graph.nodes = nodes.filter { node in
      let isKept = node.type == "Identity" || node.type == "Cast" && node.castsToFloat
      guard isKept, node.outputs.count == 1, !outputs.contains(node.outputs[0]),
        let constant = node.input(0).flatMap({ graph.constants[$0] }),
        node.type == "Identity" || constant.count == 1
      else { return true }
      graph.constants[node.outputs[0]] = node.type == "Cast" ? Constant(constant.tensor) : constant
      return false
    }
    return graph
  }
}

extension Node {
  /// Whether a Cast's target is single precision, which every number here is held in.
  fileprivate var castsToFloat: Bool {
    ElementType(rawValue: int("to", default: 1)) == .float
  }
}
