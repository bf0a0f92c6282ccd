import Attribution
import Networks
import Objectives
import Tensors
import Testing

@Suite struct RelevanceTests {
  @Test(
    "relevance is conserved in networks without biases",
    arguments: [
      LayerwiseRelevance.Composite.epsilonPlus, .epsilonAlpha2Beta1, .epsilonGammaBox(),
      .init(convolution: .epsilon()), .init(convolution: .zPlus, first: .flat),
    ])
  func conservation(composite: LayerwiseRelevance.Composite) throws {
    let network = SmallNetwork.convolutional(biased: false)
    let picture = SmallNetwork.picture()
    let logits = try SmallNetwork.read("logits", of: network, at: picture)
    for logit in 0..<5 {
      let map = try LayerwiseRelevance(composite).attribute(
        picture, to: .logit(logit), in: network)
      #expect(abs(map.total - logits[0, logit]) < 1e-3 * abs(logits[0, logit]))
    }
  }

  @Test("with ε alone, a network of rectifiers without biases gives input times gradient")
  func gradient() throws {
    let network = SmallNetwork.convolutional(biased: false)
    let picture = SmallNetwork.picture()
    let map = try LayerwiseRelevance(.init(convolution: .epsilon(1e-9), linear: .epsilon(1e-9)))
      .attribute(picture, to: .channel("f", 2), in: network)
    let expected = try InputTimesGradient().attribute(
      picture, to: .channel("f", 2), in: network)
    #expect(relativeError(map, expected) < 1e-3)
  }

  @Test(
    "every rule by its definition, with inputs, weights and biases of either sign",
    arguments: [
      RelevanceRule.epsilon(), .epsilon(0.5), .zPlus, .alphaBeta(alpha: 2, beta: 1),
      .alphaBeta(alpha: 1, beta: 0), .gamma(), .gamma(2), .box(-3...2.5), .box(nil), .flat,
    ])
  func rules(rule: RelevanceRule) throws {
    var random = SplitMix64(seed: 11)
    let (inputs, outputs) = (7, 9)
    let x = Tensor.normal([1, inputs], using: &random)
    let w = Tensor.normal([outputs, inputs], using: &random)
    let b = Tensor.normal([outputs], using: &random)
    let network = Network(
      graph: Graph(
        inputs: [.init(name: "x", dimensions: [nil, inputs])], outputs: ["z"],
        nodes: [
          Node("Gemm", inputs: ["x", "w", "b"], outputs: ["z"], attributes: ["transB": .int(1)])
        ], constants: ["w": Constant(w), "b": Constant(b)]))
    let z = try SmallNetwork.read("z", of: network, at: x)
    let map = try LayerwiseRelevance(.init(convolution: rule, linear: rule)).attribute(
      x, to: .deepDream("z"), in: network)
    var expected = Tensor([1, inputs])
    for j in 0..<outputs {
      let relevance = Double(z[0, j] * z[0, j]) / Double(outputs)
      let shares = rule.shares(
        x.scalars.map(Double.init), (0..<inputs).map { Double(w[j, $0]) }, Double(b[j]),
        z: Double(z[0, j]))
      for i in 0..<inputs { expected[0, i] += Float(shares[i] * relevance) }
    }
    // Linear layers do not use the rule for convolutions.
    #expect(relativeError(map, expected) < 1e-4)
  }

  @Test("a batch norm and constants after a convolution are merged into it")
  func merging() throws {
    var random = SplitMix64(seed: 4)
    func normal(_ shape: Shape) -> Constant { Constant(.normal(shape, using: &random)) }
    var constants = [
      "w": normal([4, 3, 3, 3]), "w.bias": normal([4]), "scale": normal([4]), "shift": normal([4]),
      "mean": normal([4]), "factor": normal([1, 4, 1, 1]), "summand": normal([4, 1, 1]),
      "variance": Constant(.uniform([4], in: 0.5...2, using: &random)),
    ]
    let nodes = [
      SmallNetwork.conv("input", "w", to: "a", ["strides": .ints([2, 1])]),
      Node(
        "BatchNormalization", inputs: ["a", "scale", "shift", "mean", "variance"], outputs: ["b"],
        attributes: ["epsilon": .float(1e-3)]),
      Node("Mul", inputs: ["factor", "b"], outputs: ["c"]),
      Node("Sub", inputs: ["c", "summand"], outputs: ["d"]),
      Node("Relu", inputs: ["d"], outputs: ["e"]),
    ]
    func network(_ nodes: [Node]) -> Network {
      Network(
        graph: Graph(
          inputs: [.init(name: "input", dimensions: [nil, 3, nil, nil])], outputs: ["e"],
          nodes: nodes, constants: constants))
    }
    let whole = network(nodes)
    // The same by hand.
    func value(_ name: String, _ i: Int) -> Float { constants[name]?.tensor.scalars[i] ?? 0 }
    let slopes = (0..<4).map { i in
      value("scale", i) / (value("variance", i) + 1e-3).squareRoot() * value("factor", i)
    }
    let biases = (0..<4).map { i in
      (value("w.bias", i) - value("mean", i)) * slopes[i] + value("shift", i) * value("factor", i)
        - value("summand", i)
    }
    let weights = try #require(constants["w"]).tensor * Tensor([4, 1, 1, 1], slopes)
    constants["v"] = Constant(weights)
    constants["v.bias"] = Constant(Tensor([4], biases))
    let merged = network([
      SmallNetwork.conv("input", "v", to: "d", ["strides": .ints([2, 1])]), nodes[4],
    ])
    let picture = SmallNetwork.picture()
    for composite in [LayerwiseRelevance.Composite.epsilonAlpha2Beta1, .epsilonGammaBox()] {
      let map = try LayerwiseRelevance(composite).attribute(picture, to: .deepDream("e"), in: whole)
      let expected = try LayerwiseRelevance(composite).attribute(
        picture, to: .deepDream("e"), in: merged)
      #expect(map.norm > 0)
      #expect(relativeError(map, expected) < 1e-4)
    }
  }

  @Test("sums, concatenations, mean pools, gates and reshapes conserve relevance")
  func graph() throws {
    let network = SmallNetwork.branched()
    let picture = SmallNetwork.picture()
    let z = try SmallNetwork.read("z", of: network, at: picture)
    // The swish lets negative values through, to which z⁺ may find no positive products: not these rules.
    for composite in [
      LayerwiseRelevance.Composite.epsilonGammaBox(), .init(convolution: .epsilon()),
    ] {
      for logit in 0..<4 {
        let map = try LayerwiseRelevance(composite).attribute(
          picture, to: .logit(logit), in: network)
        #expect(abs(map.total - z[0, logit]) < 1e-4 * abs(z[0, logit]))
      }
    }
  }

  @Test("a refusal of many nodes is short and ends with what to do")
  func refusal() {
    let nodes = (0..<25).map { "MatMul '/blocks/\($0)'" }
    let words = "\(AttributionError.noRelevanceRule(nodes))"
    #expect(words.contains("25 nodes") && words.contains("'/blocks/2' and 22 more"))
    #expect(words.hasSuffix("for attention there are attn-lrp and cp-lrp") && words.count < 200)
    #expect(!"\(AttributionError.noRelevanceRule(["Mul 'a'"]))".contains("attention"))
  }

  @Test("operators without a rule are named, all of them")
  func unsupported() throws {
    let network = Network(
      graph: Graph(
        inputs: [.init(name: "x", dimensions: [nil, 3, nil, nil])], outputs: ["c"],
        nodes: [
          Node("Relu", inputs: ["x"], outputs: ["a"]),
          Node("Mul", name: "first", inputs: ["x", "a"], outputs: ["b"]),
          Node("Mul", name: "second", inputs: ["b", "a"], outputs: ["c"]),
        ]))
    #expect(throws: AttributionError.noRelevanceRule(["Mul 'first'", "Mul 'second'"])) {
      try LayerwiseRelevance(.epsilonPlus).attribute(
        SmallNetwork.picture(), to: .deepDream("c"), in: network)
    }
  }
}

extension RelevanceRule {
  /// The shares of the inputs of one output, straight from the products of inputs and weights.
  fileprivate func shares(_ x: [Double], _ w: [Double], _ b: Double, z: Double) -> [Double] {
    let p = zip(x, w).map { $0 * $1 }
    func divided(_ parts: [Double], _ bias: Double, _ epsilon: Double = 1e-6) -> [Double] {
      let sum = parts.reduce(bias, +)
      return parts.map { $0 / (sum + (sum < 0 ? -epsilon : epsilon)) }
    }
    let (up, down) = (p.map { max($0, 0) }, p.map { min($0, 0) })
    switch self {
    case .epsilon(let epsilon): return divided(p, b, Double(epsilon))
    case .zPlus: return divided(up, max(b, 0))
    case .alphaBeta(let alpha, let beta):
      return zip(divided(up, max(b, 0)), divided(down, min(b, 0))).map {
        Double(alpha) * $0 - Double(beta) * $1
      }
    case .gamma(let gamma):
      let same = z > 0 ? up : down
      let bias = b + Double(gamma) * (z > 0 ? max(b, 0) : min(b, 0))
      return divided(zip(p, same).map { $0 + Double(gamma) * $1 }, bias)
    case .box(let range):
      let low = range.map { Double($0.lowerBound) } ?? x.min() ?? 0
      let high = range.map { Double($0.upperBound) } ?? x.max() ?? 0
      return divided(zip(p, w).map { $0 - low * max($1, 0) - high * min($1, 0) }, 0)
    case .flat: return x.map { _ in 1 / (Double(x.count) + 1e-6) }
    case .wSquare: return divided(w.map { $0 * $0 }, b * b)
    }
  }
}
