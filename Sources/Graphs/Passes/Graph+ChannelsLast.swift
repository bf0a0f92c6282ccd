import Blocks
import Tensors

extension Graph {
  /// The same graph with its picture as N×C×H×W, where the file has it as N×H×W×C, as TensorFlow does.
  ///
  /// The transposition in front of the first convolution goes; arithmetic on the picture before it moves
  /// behind the turned input.
  ///
  /// - Returns: `nil` where the graph's picture is N×C×H×W already, or is none.
  package func turningInput() -> Graph? {
    let place = picturePlace
    guard inputs.indices.contains(place), inputs[place].dimensions.count == 4,
      isChannelsLast(inputs[place])
    else { return nil }
    var graph = self
    let (input, d) = (inputs[place].name, inputs[place].dimensions)
    graph.inputs[place].dimensions = [d[0], d[3], d[1], d[2]]
    // From a value N×H×W×C to the same as N×C×H×W.
    var turned = ["\(input), channels last": input]
    graph.nodes = [Self.turningBack(input, to: "\(input), channels last")]
    for var node in nodes {
      node.inputs = node.inputs.map { $0 == input ? "\(input), channels last" : $0 }
      if let source = turned[node.inputs.first ?? ""], node.type == "Transpose",
        node.ints("perm") == [0, 3, 1, 2]
      {
        (node.type, node.inputs, node.attributes) = ("Identity", [source], [:])
        graph.nodes.append(node)
      } else if let twin = graph.twin(of: node, turned) {
        turned[node.outputs[0]] = twin.outputs[0]
        graph.note(node.outputs[0], isTurned: twin.outputs[0])
        graph.nodes += [twin, Self.turningBack(twin.outputs[0], to: node.outputs[0])]
      } else {
        graph.nodes.append(node)
      }
    }
    return graph
  }

  private static func turningBack(_ value: String, to name: String) -> Node {
    Node(
      "Transpose", name: name, inputs: [value], outputs: [name],
      attributes: ["perm": .ints([0, 2, 3, 1])])
  }

  /// Whether an input is a picture N×H×W×C: by what the graph does with it, and where that says nothing,
  /// by its extents.
  private func isChannelsLast(_ input: Input) -> Bool {
    let d = input.dimensions
    func isColors(_ extent: Int?) -> Bool { extent == 1 || extent == 3 }
    guard isColors(d[3]) || areBands(d, of: input.name) else { return false }
    switch channelAxes()[input.name] {
    case .last?: return true
    case .first?: return false
    case nil: return isColors(d[3]) && !isColors(d[1])
    }
  }

  /// Whether N×H×W×C has bands that are no colours: fewer than rows and columns, rows that are no colours, and turned
  /// before anything else.
  private func areBands(_ d: [Int?], of input: String) -> Bool {
    guard let bands = d[3], firstShaping(of: input)?.ints("perm") == [0, 3, 1, 2] else {
      return false
    }
    return [d[1], d[2]].allSatisfy { $0.map { $0 > bands && $0 != 3 } ?? true }
  }

  /// A node that does to N×C×H×W what another does to N×H×W×C; `nil` where it does more than arithmetic
  /// with constants.
  private mutating func twin(of node: Node, _ turned: [String: String]) -> Node? {
    let role = role(of: node)
    guard role.isElementwise, node.outputs.count == 1 else { return nil }
    let broadcasts = role.broadcasts
    var twin = node
    twin.outputs = ["\(node.outputs[0]), channels first"]
    var isOfPicture = false
    for (i, name) in node.inputs.enumerated() {
      if let source = turned[name] {
        twin.inputs[i] = source
        isOfPicture = true
        continue
      }
      guard let constant = constants[name] else { return nil }
      let shape = constant.shape
      guard constant.count > 1 else { continue }
      // A parameter of another kind than a factor or a summand has a place of its own.
      guard broadcasts else { return nil }
      guard shape.count == shape[-1], shape.rank <= 4 else { return nil }
      twin.inputs[i] = "\(name), channels first"
      constants[twin.inputs[i]] = Constant(
        constant.tensor.reshaped([1, shape.count, 1, 1]), of: constant.type)
    }
    return isOfPicture ? twin : nil
  }
}
