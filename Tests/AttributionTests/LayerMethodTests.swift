import Attribution
import Networks
import Objectives
import Tensors
import Testing

@Suite struct LayerMethodTests {
  let network = SmallNetwork.convolutional()
  let picture = SmallNetwork.picture()

  @Test(
    "conductance of a layer that everything goes through adds up to the rise",
    arguments: ["b", "g"])
  func conductance(layer: String) throws {
    let explained = Explained(.logit(2), in: network, inputShape: picture.shape)
    let start = Baseline.input(SmallNetwork.picture(seed: 3))
    let units = try LayerConductance(layer: layer, steps: 300, baseline: start)
      .units(of: picture, explained) { _ in }
    let total = try IntegratedGradients(baseline: start).total(at: picture, of: explained)[0]
    #expect(abs(units.total - total) < 0.01 * abs(total))
    let map = try explained.map(
      of: picture, by: LayerConductance(layer: layer, steps: 300, baseline: start))
    #expect(relativeError(map, units.sum(alongAxes: [1], keepingAxes: true)) < 1e-6)
  }

  @Test("neurons' conductances are the parts of integrated gradients")
  func neurons() throws {
    let explained = Explained(.logit(2), in: network, inputShape: picture.shape)
    var sum = Tensor(picture.shape)
    for channel in 0..<18 {
      for y in 0..<3 {
        for x in 0..<3 {
          sum += try NeuronConductance(layer: "f", channel: channel, y: y, x: x, steps: 6)
            .attribute(picture, of: explained) { _ in }
        }
      }
    }
    let whole = try explained.map(of: picture, by: IntegratedGradients(steps: 6))
    #expect(relativeError(sum, whole) < 1e-4)
  }

  @Test("a neuron is found by its name; without one, and where it is none, it is said")
  func named() throws {
    let explained = Explained(.logit(2), in: network, inputShape: picture.shape)
    let registered = try RegisteredMethod.named("neuron-conductance")
    func map(_ neuron: String?) throws -> Tensor {
      try explained.map(of: picture, by: registered.method(.init(steps: 6, neuron: neuron)))
    }
    let own = NeuronConductance(layer: "f", channel: 4, y: 1, x: 2, steps: 6)
    #expect(try map("f:4@2,1") == explained.map(of: picture, by: own))
    #expect(throws: AttributionError.noNeuron(method: "neuron-conductance")) { try map(nil) }
    #expect(
      throws: AttributionError.notANeuron(
        method: "neuron-conductance", unit: "channel 4 of f")
    ) { try map("f:4") }
  }

  @Test("internal influence of what is linear after the layer is the gradient")
  func influence() throws {
    let explained = Explained(.logit(2), in: network, inputShape: picture.shape)
    let units = try InternalInfluence(layer: "g", steps: 7).units(of: picture, explained) { _ in }
    let gradient = try explained.response(of: "g", at: picture).gradient
    #expect(relativeError(units, gradient) < 1e-5)
    let products = try LayerGradientTimesActivation(layer: "g")
      .units(of: picture, explained) { _ in }
    let activation = try SmallNetwork.read("g", of: network, at: picture)
    #expect(relativeError(products, gradient * activation) < 1e-5)
  }

  @Test("where no layer is named, internal influence is of the last one whose places differ")
  func usualLayer() throws {
    let registered = try RegisteredMethod.named("internal-influence").method(.init(steps: 3))
    // Before the mean of rectified maps, what goes into the rectifier; before a product with every place, what stands there.
    for (network, layer) in [
      (SmallNetwork.convolutional(), "f"), (SmallNetwork.pooled(), "a"),
      (SmallNetwork.branched(), "i"),
    ] {
      let explained = Explained(.logit(2), in: network, inputShape: picture.shape)
      let map = try explained.map(of: picture, by: registered)
      #expect(
        try map == explained.map(of: picture, by: InternalInfluence(layer: layer, steps: 3)))
      #expect(map.maximum > map.minimum)
    }
    // A mean over the file's only map: there is no other.
    let linear = Network(
      graph: Graph(
        inputs: [.init(name: "input", dimensions: [nil, 3, nil, nil])], outputs: ["z"],
        nodes: [
          Node("Conv", inputs: ["input", "w"], outputs: ["a"]),
          Node("GlobalAveragePool", inputs: ["a"], outputs: ["p"]),
          Node("Flatten", inputs: ["p"], outputs: ["z"]),
        ], constants: ["w": Constant(Tensor([3, 3, 1, 1], (1...9).map { Float($0) }))]))
    let map = try Explained(.logit(2), in: linear, inputShape: picture.shape)
      .map(of: picture, by: registered)
    #expect(map.shape == [1, 1, 13, 11] && map.maximum == map.minimum)
  }

  @Test("methods of one layer take one")
  func layers() throws {
    #expect(throws: AttributionError.self) {
      try RegisteredMethod.named("layer-conductance").method(.init(layers: ["d", "g"]))
    }
    #expect(throws: AttributionError.self) {
      try RegisteredMethod.named("score-cam").method(.init(baseline: .several([.black, .white])))
    }
  }
}
