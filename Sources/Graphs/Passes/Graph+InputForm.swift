import Blocks
import Tensors

extension Graph {
  /// The same graph with pictures N×C×H×W in place of what its file takes.
  ///
  /// Perceptrons take rows, networks for sound signals, others one picture without a batch, volumes or films:
  /// what stands first in the graph returned makes that of a picture.
  ///
  /// - Returns: The graph, what the file takes and how its axes lie; nil where that is pictures, or nothing that can
  ///   be one.
  package func takingPictures() -> (graph: Graph, form: InputForm, axes: InputAxes)? {
    guard inputs.indices.contains(picturePlace), let shaping = InputShaping(self) else {
      return nil
    }
    var graph = self
    let name = inputs[picturePlace].name
    let own = "\(name), as the file has it"
    graph.inputs[picturePlace].dimensions = shaping.dimensions
    for place in graph.nodes.indices where nodes[place].inputs.contains(name) {
      graph.nodes[place].inputs = nodes[place].inputs.map { $0 == name ? own : $0 }
    }
    graph.outputs = outputs.map { $0 == name ? own : $0 }
    var steps: [Node] = []
    var last = name
    for (place, step) in shaping.steps.enumerated() {
      let output = place == shaping.steps.count - 1 ? own : "\(own), step \(place)"
      let node = graph.node(step, from: last, to: output)
      steps += node
      last = output
    }
    graph.nodes.insert(contentsOf: steps, at: 0)
    let axes = InputAxes(
      extents: inputs[picturePlace].dimensions, order: shaping.axisOrder)
    return (graph, shaping.form, axes)
  }

  /// The same graph for volumes of another number of slices.
  ///
  /// - Parameter volume: How its bands lie.
  /// - Returns: The graph; the graph of a network that takes volumes is meant.
  package func taking(_ volume: InputForm.Volume) -> Graph {
    var graph = self
    let (name, extents) = (inputs[picturePlace].name, volume.bandAxes)
    graph.inputs[picturePlace].dimensions[1] = volume.channels * volume.depth
    graph.constants[Self.bandExtents(of: name)] = Self.bandExtents(extents[0], extents[1])
    return graph
  }

  /// What the extents of a volume's bands are called.
  private static func bandExtents(of input: String) -> String { "\(input), extents of bands" }

  /// N×(A·B)×H×W becomes N×A×B×H×W.
  private static func bandExtents(_ first: Int, _ second: Int) -> Constant {
    Constant(Tensor([3], [0, Float(first), Float(second)]), isInteger: true)
  }

  /// The nodes that a step of the way from a picture to the file's input is.
  private mutating func node(
    _ step: InputShaping.Step, from input: String, to output: String
  ) -> [Node] {
    func make(_ type: String, _ attributes: [String: Attribute]) -> [Node] {
      [Node(type, name: output, inputs: [input], outputs: [output], attributes: attributes)]
    }
    switch step {
    case .flatten: return make("Flatten", [:])
    case .squeeze(let axes): return make("Squeeze", ["axes": .ints(axes)])
    case .transpose(let order): return make("Transpose", ["perm": .ints(order)])
    case .splitBands(let first, let second):
      let (shape, sides, wanted) = ("\(output), shape", "\(output), sides", "\(output), extents")
      let (places, head) = ("\(output), places", Self.bandExtents(of: input))
      constants[places] = Constant(Tensor([2], [2, 3]), isInteger: true)
      constants[head] = Self.bandExtents(first, second)
      return [
        Node("Shape", name: shape, inputs: [input], outputs: [shape]),
        Node("Gather", name: sides, inputs: [shape, places], outputs: [sides]),
        Node(
          "Concat", name: wanted, inputs: [head, sides], outputs: [wanted],
          attributes: ["axis": .int(0)]),
        Node("Reshape", name: output, inputs: [input, wanted], outputs: [output]),
      ]
    }
  }
}
