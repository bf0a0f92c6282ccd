@testable import Attribution
import Networks
import Objectives
import Tensors
import TestSupport
import Testing

@Suite struct AttentionTests {
  private static let picture: Tensor = {
    var random = SplitMix64(seed: 3)
    return .normal([1, 3, 8, 12], using: &random)
  }()

  private static func explained(_ network: Network) -> Explained {
    Explained(
      .logit(1), in: network, inputShape: picture.shape, feed: .raw, threads: 1)
  }

  @Test("tokens are read at the class token, or all of them where the network means over them")
  func readTokens() throws {
    let with = try Self.explained(SmallTransformer.network()).attentionMatrices(
      of: Self.picture, for: "test")
    #expect(with.readTokens == [0] && with.extraTokens == 1 && with.tokens == 7)
    let without = try Self.explained(SmallTransformer.network(classToken: false))
      .attentionMatrices(of: Self.picture, for: "test")
    #expect(without.readTokens == Array(0..<6) && without.extraTokens == 0)
    for attention in [with, without] {
      #expect(attention.weights.count == 2 && attention.height == 2 && attention.width == 3)
      #expect(attention.weights.allSatisfy { $0.shape[0] == 2 })
    }
  }

  @Test("a vision transformer is known, however it is written down; one of feature maps is none")
  func place() throws {
    func places(_ network: Network) throws -> [AttentionPlace] {
      let explained = Self.explained(network)
      return [
        try explained.attentionPlace(), network.attentionPlace(shapes: try explained.shapes()),
      ]
    }
    for form in SmallTransformer.Form.allCases {
      for classToken in [true, false] {
        let network = SmallTransformer.network(form, classToken: classToken)
        #expect(
          try places(network) == [.amongPatches, .amongPatches], "\(form) \(classToken)")
      }
    }
    let hybrid = SmallTransformer.network(stem: 1)
    #expect(try places(hybrid) == [.elsewhere, .elsewhere])
    // Before the attention there is none.
    let network = SmallTransformer.network()
    let patches = Explained(
      .channel(network.layers[0].name, 0), in: network, inputShape: Self.picture.shape, feed: .raw)
    #expect(try patches.attentionPlace() == .nowhere)
    #expect(try places(SmallNetwork.convolutional()) == [.nowhere, .nowhere])
  }

  private static let methods: [any AttributionMethod] = [
    AttentionMap(), AttentionRollout(), GradientRollout(), TransformerRelevance(.attnLRP),
    TransformerRelevance(.cpLRP),
  ]

  @Test(
    "attention is found behind what puts zeros in the place of NaN, as PyTorch's exporter writes it"
  )
  func guarded() throws {
    let network = SmallTransformer.network()
    var graph = network.graph
    graph.constants["nothing"] = Constant(Tensor([], [0]))
    graph.nodes = []
    var guarded: [String: String] = [:]
    for var node in network.graph.nodes {
      node.inputs = node.inputs.map { guarded[$0] ?? $0 }
      graph.nodes.append(node)
      guard node.type == "Softmax" else { continue }
      let weights = node.outputs[0]
      graph.nodes.append(Node("IsNaN", inputs: [weights], outputs: ["\(weights).isNaN"]))
      graph.nodes.append(
        Node(
          "Where", inputs: ["\(weights).isNaN", "nothing", weights],
          outputs: ["\(weights).safe"]))
      guarded[weights] = "\(weights).safe"
    }
    #expect(guarded.count == 2)
    for method in Self.methods {
      let plain = try Self.explained(network).map(of: Self.picture, by: method)
      let map = try Self.explained(Network(graph: graph)).map(of: Self.picture, by: method)
      #expect(plain.norm > 0 && relativeError(map, plain) < 1e-5, "\(method)")
    }
  }

  @Test(
    "tokens of two pictures beside each other, as of windows, are no picture's",
    arguments: SmallTransformer.Form.allCases)
  func windows(form: SmallTransformer.Form) throws {
    var graph = SmallTransformer.network(form).graph
    let (input, output) = (graph.inputs[0].name, graph.outputs[0])
    for i in graph.nodes.indices {
      graph.nodes[i].inputs = graph.nodes[i].inputs.map { $0 == input ? "both" : $0 }
      graph.nodes[i].outputs = graph.nodes[i].outputs.map { $0 == output ? "each" : $0 }
    }
    graph.nodes.insert(
      Node("Concat", inputs: [input, input], outputs: ["both"], attributes: ["axis": .int(0)]),
      at: 0)
    graph.nodes.append(
      Node(
        "ReduceMean", inputs: ["each"], outputs: [output],
        attributes: ["axes": .ints([0]), "keepdims": .int(1)]))
    let explained = Self.explained(Network(graph: graph))
    for method in Self.methods.prefix(3) {
      #expect(throws: AttributionError.self, "\(method)") {
        try explained.map(of: Self.picture, by: method)
      }
    }
  }

  @Test("what is explained beside something shares its room: three plans in all, the same maps")
  func shelf() throws {
    let network = SmallTransformer.network(.fused)
    let explained = Self.explained(network)
    let methods: [any AttributionMethod] = [
      TransformerRelevance(.attnLRP), TransformerRelevance(.cpLRP), AttentionRollout(),
      GradientRollout(), Gradient(), GradCAM(),
    ]
    let other = explained.beside(.logit(2))
    for method in methods + methods {
      for (explained, objective) in [(explained, Objective.logit(1)), (other, .logit(2))] {
        let map = try explained.map(of: Self.picture, by: method)
        let alone = Explained(
          objective, in: network, inputShape: Self.picture.shape, feed: .raw, threads: 1)
        #expect(try map == alone.map(of: Self.picture, by: method))
        #expect((1...3).contains(explained.plans.shelf.count))
      }
    }
  }

  @Test("the plans of what is gone go with it")
  func emptiedShelf() throws {
    let explained = Self.explained(SmallTransformer.network())
    let value = try explained.values(at: Self.picture)
    #expect(explained.plans.shelf.count == 1)
    do {
      let random = explained.beside(
        .logit(1), in: try explained.network.randomized(layers: explained.network.weightedLayers))
      #expect(try random.values(at: Self.picture) != value)
      #expect(explained.plans.shelf.count == 2)
    }
    #expect(explained.plans.shelf.count == 1)
    #expect(try explained.values(at: Self.picture) == value)
  }

  @Test("a network that means over its tokens gets the mean of their rows")
  func meanOfRows() throws {
    let explained = Self.explained(SmallTransformer.network(classToken: false))
    let attention = try explained.attentionMatrices(of: Self.picture, for: "test")
    let map = try AttentionMap().attribute(Self.picture, of: explained) { _ in }
    #expect(map.shape == [1, 1, 2, 3])
    for token in 0..<6 {
      var sum: Float = 0
      for head in 0..<2 { for row in 0..<6 { sum += attention.weights[1][head, row, token] } }
      #expect(abs(map.scalars[token] - sum / 12) < 1e-6)
    }
    #expect(abs(map.total - 1) < 1e-5)
  }

  @Test("rollouts of two blocks by hand")
  func rollouts() throws {
    let attention = try Self.explained(SmallTransformer.network()).attentionMatrices(
      of: Self.picture, for: "test")
    func mean(_ tensor: Tensor, _ row: Int, _ column: Int) -> Float {
      (tensor[0, row, column] + tensor[1, row, column]) / 2
    }
    let (rollout, raising) = (
      AttentionRollout.rollout(attention), GradientRollout.rollout(attention)
    )
    let gains = zip(attention.weights, attention.gradients).map { ($0 * $1).map { max($0, 0) } }
    for row in 0..<7 {
      for column in 0..<7 {
        let identity: Float = row == column ? 1 : 0
        var (product, gain): (Float, Float) = (0, 0)
        for token in 0..<7 {
          let (left, right): (Float, Float) = (row == token ? 1 : 0, token == column ? 1 : 0)
          product +=
            (mean(attention.weights[1], row, token) + left) / 2
            * (mean(attention.weights[0], token, column) + right) / 2
          gain += mean(gains[1], row, token) * mean(gains[0], token, column)
        }
        #expect(abs(rollout[row, column] - product) < 1e-5)
        let expected =
          identity + mean(gains[0], row, column) + mean(gains[1], row, column) + gain
        #expect(abs(raising[row, column] - expected) < 1e-5 * max(1, expected))
      }
    }
  }

  @Test(
    "relevance is the same however the transformer is written",
    arguments: TransformerRelevance.Variant.allCases, SmallTransformer.Form.allCases)
  func forms(variant: TransformerRelevance.Variant, form: SmallTransformer.Form) throws {
    func map(_ form: SmallTransformer.Form) throws -> Tensor {
      try TransformerRelevance(variant).attribute(
        Self.picture, of: Self.explained(SmallTransformer.network(form))
      ) { _ in }
    }
    let expected = try map(.operators)
    #expect(expected.norm > 0)
    #expect(relativeError(try map(form), expected) < 2e-3, "\(form)")
  }

  @Test("Queries are rows where the softmax runs down the columns, too")
  func keysAsRows() throws {
    let plain = SmallTransformer.network()
    var graph = plain.graph
    graph.nodes = graph.nodes.flatMap { node -> [Node] in
      guard node.type == "Softmax" else { return [node] }
      let (scores, weights) = (node.inputs[0], node.outputs[0])
      func turned(_ input: String, _ output: String) -> Node {
        Node(
          "Transpose", inputs: [input], outputs: [output],
          attributes: ["perm": .ints([0, 1, 3, 2])])
      }
      return [
        turned(scores, "\(scores) turned"),
        Node(
          "Softmax", inputs: ["\(scores) turned"], outputs: ["\(weights) turned"],
          attributes: ["axis": .int(-2)], opset: 20),
        turned("\(weights) turned", weights),
      ]
    }
    let pairs = try [plain, Network(graph: graph)].map { network in
      try Self.explained(network).attentionMatrices(of: Self.picture, for: "attention")
    }
    for parts in [\AttentionMatrices.weights, \.gradients] {
      for (first, second) in zip(pairs[0][keyPath: parts], pairs[1][keyPath: parts]) {
        #expect(relativeError(second, first) < 1e-5)
        #expect(relativeError(first.transposed([0, 2, 1]), first) > 0.01)
      }
    }
    #expect(pairs[1].weights.count == 2)
  }

  @Test("AttnLRP, CP-LRP and the gradient times the input are three different things")
  func different() throws {
    let explained = Self.explained(SmallTransformer.network())
    let maps = try [
      TransformerRelevance(.attnLRP), TransformerRelevance(.cpLRP), InputTimesGradient(),
    ].map { (method: any AttributionMethod) in
      try method.attribute(Self.picture, of: explained) { _ in }
    }
    #expect(relativeError(maps[0], maps[1]) > 0.1)
    #expect(relativeError(maps[0], maps[2]) > 0.1)
    #expect(relativeError(maps[1], maps[2]) > 0.1)
  }

  @Test("networks without attention say what they have instead")
  func without() throws {
    let picture = SmallNetwork.picture()
    let methods: [any AttributionMethod] = [
      AttentionMap(), AttentionRollout(), GradientRollout(), TransformerRelevance(.attnLRP),
    ]
    for method in methods {
      let error = #expect(throws: AttributionError.self) {
        try method.attribute(
          picture, to: .logit(0), in: SmallNetwork.convolutional(), feed: .raw)
      }
      #expect(
        "\(error.map(\.description) ?? "")".contains(
          "convolutions: 3, products with matrices of weights: 1"))
    }
    #expect(throws: AttributionError.self) {
      try AttentionMap(block: 2).attribute(
        Self.picture, of: Self.explained(SmallTransformer.network())
      ) { _ in }
    }
  }

  @Test("attention that is one operator is read as if it were written out")
  func fused() throws {
    let methods: [any AttributionMethod] = [AttentionMap(), AttentionRollout(), GradientRollout()]
    for method in methods {
      let (fused, plain) = try (
        method.attribute(
          Self.picture, of: Self.explained(SmallTransformer.network(.fused))
        ) { _ in },
        method.attribute(Self.picture, of: Self.explained(SmallTransformer.network())) { _ in }
      )
      #expect(plain.norm > 0)
      #expect(relativeError(fused, plain) < 1e-4)
    }
  }
}
