import Networks
import Objectives
import Tensors
import Testing

@testable import Attribution

/// What attributions make of operators, by the operators' own roles.
@Suite struct OperatorRoleTests {
  /// A convolution, an operator behind it, a pool and the mean of every channel.
  private func network(_ type: String) -> Network {
    var random = SplitMix64(seed: 2)
    return Network(
      graph: Graph(
        inputs: [.init(name: "x", dimensions: [nil, 3, nil, nil])], outputs: ["y"],
        nodes: [
          Node("Conv", inputs: ["x", "w"], outputs: ["map"]),
          Node(type, inputs: ["map"], outputs: ["bent"]),
          Node(
            "MaxPool", inputs: ["bent"], outputs: ["pooled"],
            attributes: ["kernel_shape": .ints([2, 2])]),
          Node("Identity", inputs: ["pooled"], outputs: ["named"]),
          Node("GlobalAveragePool", inputs: ["named"], outputs: ["mean"]),
          Node("Flatten", inputs: ["mean"], outputs: ["y"]),
        ],
        constants: ["w": Constant(.normal([4, 3, 3, 3], using: &random))]))
  }

  /// Every operator that bends single elements of its one input.
  private static let activations = Operator.table.values.filter { known in
    let call = TapeCall(node: Node(known.type, inputs: ["x"], outputs: ["y"]), constants: [:])
    let role = known.role(call)
    return [.elementwise, .gate].contains(role) || role.isRectifier
  }.map(\.type).sorted()

  @Test("The last map is behind the activation and before the pool", arguments: activations)
  func lastMap(_ type: String) throws {
    // What needs a second input has no shape here.
    let network = network(type)
    guard try takesOneInput(type) else { return }
    let value = try network.lastConvolutionalValue(before: ["y"], inputShape: [1, 3, 8, 9])
    #expect(value == "bent")
  }

  @Test("Relevance passes an activation", arguments: activations)
  func passes(_ type: String) throws {
    let graph = network(type).graph
    let step = RelevanceStep(
      graph.nodes[1], data: ["map"], in: graph, .epsilonPlus, after: [.convolution])
    guard case .pass(to: "map")? = step else {
      Issue.record("\(type): \(String(describing: step))")
      return
    }
  }

  @Test("The activations in use are among them")
  func known() throws {
    for type in [
      "Relu", "LeakyRelu", "Elu", "Selu", "Celu", "Gelu", "Swish", "Mish", "HardSwish", "Sigmoid",
      "HardSigmoid", "Softplus", "Softsign", "Tanh", "com.microsoft.QuickGelu",
    ] {
      #expect(Self.activations.contains(type))
      #expect(try takesOneInput(type))
    }
  }

  @Test("A network of swishes is explained: the relevance of the picture is that of the unit")
  func swish() throws {
    var random = SplitMix64(seed: 5)
    let (network, picture) = (network("Swish"), Tensor.normal([1, 3, 8, 9], using: &random))
    let unit = try SmallNetwork.read("y", of: network, at: picture)[0, 1]
    let map = try LayerwiseRelevance(.epsilonPlus).attribute(picture, to: .logit(1), in: network)
    #expect(abs(map.total - unit) < 1e-3 * abs(unit))
  }

  private func takesOneInput(_ type: String) throws -> Bool {
    do {
      return try network(type).shapes(inputShape: [1, 3, 8, 9])["bent"] == [1, 4, 6, 7]
    } catch NetworkError.invalidNode {
      return false
    }
  }
}
