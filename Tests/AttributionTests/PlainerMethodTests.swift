import Networks
import Objectives
import Tensors
import Testing

@testable import Attribution

/// Methods that are another one on a network without what they treat in a way of their own.
@Suite struct PlainerMethodTests {
  /// A convolution, perhaps something behind it, perhaps its mean, and three logits.
  private static func network(
    _ activation: String?, mean: Bool = true, biased: Bool = true
  ) -> Network {
    var random = SplitMix64(seed: 3)
    func weights(_ shape: Shape) -> Constant {
      Constant(.normal(shape, standardDeviation: 0.4, using: &random))
    }
    var nodes = [
      Node(
        "Conv", inputs: ["x", "first"] + (biased ? ["bias"] : []), outputs: ["map"],
        attributes: ["pads": .ints([1, 1, 1, 1]), "strides": .ints([2, 2])])
    ]
    if let activation { nodes.append(Node(activation, inputs: ["map"], outputs: ["active"])) }
    let last = activation == nil ? "map" : "active"
    if mean { nodes.append(Node("GlobalAveragePool", inputs: [last], outputs: ["mean"])) }
    nodes += [
      Node("Flatten", inputs: [mean ? "mean" : last], outputs: ["flat"]),
      Node("MatMul", inputs: ["flat", "second"], outputs: ["logits"]),
    ]
    return Network(
      graph: Graph(
        inputs: [.init(name: "x", dimensions: [1, 3, 8, 8])], outputs: ["logits"], nodes: nodes,
        constants: [
          "first": weights([6, 3, 3, 3]), "bias": weights([6]),
          "second": weights([mean ? 6 : 96, 3]),
        ]))
  }

  /// Which methods of all have another one's map, and whose.
  private func found(_ network: Network) throws -> [String: String] {
    var random = SplitMix64(seed: 4)
    let picture = Tensor.uniform([1, 3, 8, 8], using: &random)
    let explained = Explained(.logit(1), in: network, inputShape: picture.shape)
    var found: [String: String] = [:]
    for method in RegisteredMethod.all where !method.plainer.isEmpty {
      guard let map = try? explained.map(of: picture, by: method.method()) else { continue }
      found[method.name] = try method.plainerMethod(
        withMap: map, of: picture, in: explained, .init())?.name
    }
    return found
  }

  @Test("behind a smooth activation there is nothing to guide, and a mean weighs all places alike")
  func smooth() throws {
    let byRule = [
      "guided-backprop": "gradient", "deconvolution": "gradient", "beta-smooth": "gradient",
    ]
    let flat = try found(Self.network("Sigmoid", mean: false))
    #expect(flat.filter { byRule[$0.key] != nil } == byRule)
    #expect(flat["hires-cam"] == nil)
    #expect(flat["integrated-gradients"] == nil && flat["deep-lift"] == nil)
    let byMean = ["hires-cam": "grad-cam", "xgrad-cam": "grad-cam", "shapley-cam": "grad-cam"]
    let all = try found(Self.network("Sigmoid"))
    #expect(all.filter { byRule[$0.key] != nil } == byRule)
    #expect(all.filter { byMean[$0.key] != nil } == byMean)
  }

  @Test("where rectifiers are, each is its own; without biases a path from black is one gradient")
  func rectified() throws {
    let own = ["guided-backprop", "deconvolution", "beta-smooth", "smoothgrad"]
    let biased = try found(Self.network("Relu"))
    let unbiased = try found(Self.network("Relu", biased: false))
    for name in own + ["integrated-gradients", "deep-lift"] {
      #expect(biased[name] == nil, "\(name)")
    }
    for name in own { #expect(unbiased[name] == nil, "\(name)") }
    #expect(unbiased["integrated-gradients"] == "input-x-gradient")
    #expect(unbiased["deep-lift"] == "input-x-gradient")
    #expect(biased["hires-cam"] == "grad-cam")
  }

  @Test("in a linear network, whatever averages gradients is the gradient")
  func linear() throws {
    let found = try found(Self.network(nil, mean: false))
    for name in ["smoothgrad", "guided-backprop", "deconvolution", "beta-smooth"] {
      #expect(found[name] == "gradient", "\(name)")
    }
    for name in ["integrated-gradients", "guided-ig", "deep-lift"] {
      #expect(found[name] == "input-x-gradient", "\(name)")
    }
    #expect(found["hires-cam"] == nil)
  }

  @Test(
    "rules through a whole network are compared with what is known, and made again for nothing that bends"
  )
  func known() throws {
    let picture = Tensor([1, 3, 8, 8], repeating: 0.5)
    let explained = Explained(
      .logit(1), in: Self.network("Relu"), inputShape: picture.shape)
    let rule = try RegisteredMethod.named("excitation-backprop")
    let map = try explained.map(of: picture, by: rule.method())
    func plainer(_ known: @escaping (String) -> Tensor?) throws -> String? {
      try rule.plainerMethod(
        withMap: map, of: picture, in: explained, .init(), known: known)?.name
    }
    #expect(try plainer { _ in nil } == nil)
    #expect(try plainer { $0 == "lrp-epsilon-plus" ? map : nil } == "lrp-epsilon-plus")
    #expect(try plainer { $0 == "lrp-epsilon-plus" ? map * 1.001 : nil } == nil)
    #expect(try plainer { _ in map / 0 } == nil)
  }

  @Test("every plainer method is one")
  func names() throws {
    for method in RegisteredMethod.all {
      for name in method.plainer { #expect(try RegisteredMethod.named(name).name == name) }
    }
  }
}
