import Attribution
import Networks
import Objectives
import Tensors
import Testing

@Suite struct GradientTests {
  let network = SmallNetwork.convolutional()
  let picture = SmallNetwork.picture()

  @Test(
    "gradients, guided backpropagation and deconvolution are what loops in Double compute",
    arguments: [GradientRule.standard, .guided, .deconvolution])
  func definition(rule: GradientRule) throws {
    let reference = try ReferenceNetwork(network)
    let expected = reference.gradient(at: picture, logit: 3, rule: rule)
    let computed = try Gradient(rule: rule).attribute(picture, to: .logit(3), in: network)
    #expect(relativeError(computed, expected) < 1e-5)
    if rule != .standard {
      let plain = reference.gradient(at: picture, logit: 3, rule: .standard)
      #expect(relativeError(computed, plain) > 0.1)
    }
  }

  @Test("saliency has no signs, input times gradient is that")
  func derived() throws {
    let expected = try ReferenceNetwork(network).gradient(at: picture, logit: 1, rule: .standard)
    #expect(expected.minimum < 0)
    let saliency = try Gradient.saliency.attribute(picture, to: .logit(1), in: network)
    #expect(relativeError(saliency, expected.absolute()) < 1e-5)
    let product = try InputTimesGradient().attribute(picture, to: .logit(1), in: network)
    #expect(relativeError(product, picture * expected) < 1e-5)
  }

  @Test("each kind of target is differentiated as it is defined")
  func targets() throws {
    let c = try SmallNetwork.read("c", of: network, at: picture)
    let targets: [(Objective, Tensor)] = [
      (.channel("c", 17), mask(c.shape) { c, _, _ in c == 17 ? 1 / 42 : 0 }),
      (
        .neuron("c", 4, y: 2, x: 5),
        mask(c.shape) { $0 == 4 && $1 == 2 && $2 == 5 ? 1 : 0 }
      ),
      (.deepDream("c"), c * (2 / Float(c.count))),
    ]
    let plan = try network.plan(inputShape: picture.shape, readings: [Reading("c")])
    for (target, cotangent) in targets {
      _ = try plan.forward(picture)
      let expected = try plan.backward([cotangent])
      let computed = try Gradient().attribute(picture, to: target, in: network)
      #expect(relativeError(computed, expected) < 1e-5, "\(target.name)")
    }
  }

  private func mask(_ shape: Shape, _ value: (Int, Int, Int) -> Float) -> Tensor {
    var tensor = Tensor(shape)
    for c in 0..<shape[1] {
      for y in 0..<shape[2] { for x in 0..<shape[3] { tensor[0, c, y, x] = value(c, y, x) } }
    }
    return tensor
  }

  @Test("a picture is explained as a picture: by the chain rule through the preprocessing")
  func picturesAreFed() throws {
    let preprocessing = Preprocessing(
      color: .bgr, mean: [0.4, 0.5, 0.6], standardDeviation: [0.2, 0.25, 0.5])
    let scale = Tensor([1, 3, 1, 1], [5, 4, 2])
    let mean = Tensor([1, 3, 1, 1], [0.4, 0.5, 0.6])
    let fed = (picture.gathered([2, 1, 0], alongAxis: 1) - mean) * scale
    let inner = try Gradient().attribute(fed, to: .logit(0), in: network)
    let outer = try Gradient().attribute(
      picture, to: .logit(0), in: network, feed: .picture(preprocessing))
    #expect(relativeError(outer, (inner * scale).gathered([2, 1, 0], alongAxis: 1)) < 1e-5)
    let relevance = try LayerwiseRelevance(.epsilonPlus).attribute(
      fed, to: .logit(0), in: network)
    let swapped = try LayerwiseRelevance(.epsilonPlus).attribute(
      picture, to: .logit(0), in: network, feed: .picture(preprocessing))
    #expect(relativeError(swapped, relevance.gathered([2, 1, 0], alongAxis: 1)) < 1e-4)
  }

  @Test("what does not exist is said to be missing")
  func errors() {
    #expect(
      throws: NetworkError.positionOutOfRange(layer: "c", x: 6, y: 0, width: 6, height: 7)
    ) {
      try Gradient().attribute(
        picture, to: .neuron("c", 0, y: 0, x: 6), in: network)
    }
    #expect(throws: NetworkError.noPositions(layer: "logits")) {
      try Gradient().attribute(
        picture, to: .neuron("logits", 0, y: 0, x: 0), in: network)
    }
    for name in SmallNetwork.methods {
      #expect(throws: NetworkError.self, "\(name)") {
        try name.method().attribute(picture, to: .logit(5), in: network)
      }
    }
  }
}
