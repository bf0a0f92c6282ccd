import Graphs
import Tensors

/// The way of a picture's channels through what moves numbers and leaves them as they are.
struct ChannelWay {
  private let graph: Graph
  /// The value that has been reached.
  var value: String
  /// The axis that its channels lie along; nil where that is not known.
  private var axis: Int?
  /// Whether the channels stand in the opposite order to the input's.
  private(set) var isReversed = false

  init(_ graph: Graph, from value: String, axis: Int) {
    (self.graph, self.value, self.axis) = (graph, value, axis)
  }

  /// Who reads the value, apart from what asks for its shape alone.
  private var readers: [Node] {
    graph.nodes.filter { $0.inputs.contains(value) && graph.role(of: $0) != .constant }
  }

  /// Who alone reads the value; nil where that are several, or nobody.
  var reader: Node? {
    let readers = readers
    return readers.count == 1 ? readers[0] : nil
  }

  /// Goes past what moves the numbers alone; false where something else reads them.
  mutating func step() -> Bool {
    guard let node = reader else { return takeJoint() }
    guard node.input(0) == value, let output = node.outputs.first else { return false }
    switch graph.role(of: node) {
    case .renaming: break
    case .reshaping: axis = nil
    case .selection where node.type == "Transpose":
      axis = axis.flatMap { axis in node.ints("perm")?.firstIndex(of: axis) }
    case .selection where reverses(node): isReversed.toggle()
    case .selection where node.type == "Split": return takeJoint()
    default: return false
    }
    value = output
    return true
  }

  /// Whether a node turns the order of three channels around.
  private func reverses(_ node: Node) -> Bool {
    switch node.type {
    case "Gather": isOwn(node.int("axis", default: 0)) && integers(node, 1) == [2, 1, 0]
    case "Slice":
      isOwn((integers(node, 3) ?? node.ints("axes"))?.first ?? 0) && integers(node, 4) == [-1]
        && isFromEnd(node)
    default: false
    }
  }

  /// Whether a slice that goes backwards goes from the last of three channels past the first.
  private func isFromEnd(_ node: Node) -> Bool {
    guard let start = integers(node, 1)?.first, let end = integers(node, 2)?.first else {
      return false
    }
    return (start == -1 || start >= 2) && end < -3
  }

  /// Goes past channels that are taken apart and joined again, in their order or the opposite one.
  private mutating func takeJoint() -> Bool {
    let parts = readers
    guard parts.count == 3 || parts.map(\.type) == ["Split"] else { return false }
    var places: [String: Int] = [:]
    for node in parts {
      for (output, name) in node.outputs.enumerated() {
        guard let place = place(node, output: output) else { return false }
        places[widened(name)] = place
      }
    }
    let joints = graph.nodes.filter { !places.keys.filter($0.inputs.contains).isEmpty }
    guard joints.count == 1, let joint = joints.first, joint.type == "Concat",
      isOwn(joint.int("axis", default: 1)), let output = joint.outputs.first
    else { return false }
    let order = joint.inputs.compactMap { places[$0] }
    switch order {
    case [0, 1, 2] where joint.inputs.count == 3: break
    case [2, 1, 0] where joint.inputs.count == 3: isReversed.toggle()
    default: return false
    }
    value = output
    return true
  }

  /// The one channel that an output of a node is.
  private func place(_ node: Node, output: Int) -> Int? {
    switch node.type {
    case "Split" where isOwn(node.int("axis", default: 0)) && node.outputs.count == 3: output
    case "Gather" where isOwn(node.int("axis", default: 0)):
      integers(node, 1).flatMap { $0.count == 1 ? $0[0] : nil }
    case "Slice" where isOwn((integers(node, 3) ?? node.ints("axes"))?.first ?? 0):
      (integers(node, 1) ?? node.ints("starts")).flatMap { $0.count == 1 ? $0[0] : nil }
    default: nil
    }
  }

  /// A channel under the name that it has once it got back the axis that picking it took.
  private func widened(_ name: String) -> String {
    let readers = graph.nodes.filter { $0.inputs.contains(name) }
    guard readers.count == 1, readers[0].type == "Unsqueeze" else { return name }
    return readers[0].outputs.first ?? name
  }

  /// Whether an axis, counted from either end of four, is that of the channels.
  private func isOwn(_ other: Int) -> Bool { axis.map { other == $0 || other == $0 - 4 } ?? false }

  private func integers(_ node: Node, _ input: Int) -> [Int]? {
    node.input(input).flatMap { graph.constants[$0]?.integers }
  }
}
