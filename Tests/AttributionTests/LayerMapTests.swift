import Attribution
import Networks
import Objectives
import Tensors
import Testing

@Suite struct LayerMapTests {
  let network = SmallNetwork.convolutional()
  let picture = SmallNetwork.picture()

  @Test("Ablation-CAM after a linear rest: each channel's own part of the logit, whatever its sign")
  func ablation() throws {
    let g = try SmallNetwork.read("g", of: network, at: picture)
    let weights = try #require(network.graph.constants["fourth"]).tensor
    let logits = try SmallNetwork.read("logits", of: network, at: picture)
    #expect(logits.minimum < 0 && logits.maximum > 0)
    let means = g.sum(alongAxes: [2, 3], keepingAxes: true) / Float(g.shape[2] * g.shape[3])
    for unit in 0..<logits.shape[1] {
      let parts = (0..<18).map { weights[unit, $0] * means[0, $0, 0, 0] / abs(logits[0, unit]) }
      let expected = (Tensor([1, 18, 1, 1], parts) * g).sum(alongAxes: [1], keepingAxes: true)
      let map = try AblationCAM(rectified: false).attribute(picture, to: .logit(unit), in: network)
      #expect(relativeError(map, expected) < 1e-4)
    }
  }

  @Test("Score-CAM by definition: the softmax of what masked pictures say")
  func score() throws {
    let d = try SmallNetwork.read("d", of: network, at: picture)
    var scores: [Float] = []
    for channel in 0..<20 {
      let small = d.gathered([channel], alongAxis: 1)
      var mask = Tensor([1, 1, 13, 11])
      for y in 0..<13 {
        for x in 0..<11 {
          // Corners of 7×6 positions on corners of 13×11 pixels: halves between neighbours.
          let (row, column) = (Float(y) / 2, Float(x) / 2)
          let (top, left) = (min(Int(row), 5), min(Int(column), 4))
          let (down, right) = (row - Float(top), column - Float(left))
          let upper = small[0, 0, top, left] * (1 - right) + small[0, 0, top, left + 1] * right
          let lower =
            small[0, 0, top + 1, left] * (1 - right) + small[0, 0, top + 1, left + 1] * right
          mask[0, 0, y, x] = upper * (1 - down) + lower * down
        }
      }
      let span = mask.maximum - mask.minimum
      mask = span > 0 ? (mask - mask.minimum) / span : Tensor([1, 1, 13, 11])
      scores.append(
        try SmallNetwork.read("logits", of: network, at: picture * mask)[0, 2])
    }
    let powers = Tensor([1, 20, 1, 1], scores).exponential()
    let expected = (powers / powers.total * d).sum(alongAxes: [1], keepingAxes: true)
    let map = try ScoreCAM(layer: "d").attribute(picture, to: .logit(2), in: network)
    #expect(relativeError(map, expected) < 1e-4)
  }

  @Test("Finer-CAM compares a class's logit and nothing else")
  func finer() throws {
    #expect(throws: AttributionError.self) {
      try FinerCAM().attribute(picture, to: .channel("c", 1), in: network)
    }
    #expect(throws: AttributionError.self) {
      try FinerCAM().attribute(picture, to: -.logit(1), in: network)
    }
    // Of five classes there are four others; against all of them the map is not that of the logit.
    let signed = FinerCAM(compared: 40, rectified: false)
    let map = try signed.attribute(picture, to: .logit(1), in: network)
    let four = FinerCAM(compared: 4, rectified: false)
    #expect(map.norm > 0)
    #expect(map == (try four.attribute(picture, to: .logit(1), in: network)))
  }

  @Test("a map of zeros is told from one of negative numbers, which are dropped")
  func dropped() throws {
    let against = Explained(-.channel("g", 1), in: network, inputShape: picture.shape)
    let methods: [any AttributionMethod] = [
      GradCAM(layer: "g"), HiResCAM(layer: "g"), GuidedGradCAM(layers: ["g"]),
      LayerFusion([LayerCAM(layer: "g"), GradCAM(layer: "g")]),
    ]
    for method in methods {
      #expect(try method.attributeTellingDrops(picture, of: against).dropsNegative)
    }
    #expect(try against.map(of: picture, by: GradCAM(layer: "g")).norm == 0)
    #expect(
      try !GradCAM(rectified: false).attributeTellingDrops(picture, of: against).dropsNegative)
    #expect(try !Gradient().attributeTellingDrops(picture, of: against).dropsNegative)
    // Of the convolution before, the map has both signs: guided backpropagation is what makes zeros.
    #expect(try against.map(of: picture, by: GradCAM(layer: "f")).norm > 0)
    #expect(
      try !GuidedGradCAM(layers: ["f"]).attributeTellingDrops(picture, of: against).dropsNegative)
    let unread = Explained(0 * .logit(1), in: network, inputShape: picture.shape)
    #expect(try !GradCAM().attributeTellingDrops(picture, of: unread).dropsNegative)
  }

  @Test("several layers are fused by name: between 0 and 1, as large as the picture")
  func fusion() throws {
    let fused = try RegisteredMethod.named("grad-cam").method(.init(layers: ["d", "g"]))
    let map = try fused.attribute(picture, to: .logit(1), in: network)
    #expect(map.shape == [1, 1, 13, 11])
    #expect(map.minimum == 0 && abs(map.maximum - 1) < 1e-5)
    let parts = try ["d", "g"].map {
      try GradCAM(layer: $0).attribute(picture, to: .logit(1), in: network)
        .scaledToOne().enlarged(height: 13, width: 11)
    }
    let sum = parts[0] + parts[1]
    let expected = (sum - sum.minimum) / (sum.maximum - sum.minimum)
    #expect(relativeError(map, expected) < 1e-4)
  }

  @Test("a network without positions says what it has")
  func noPositions() throws {
    let network = Network(
      graph: Graph(
        inputs: [.init(name: "input", dimensions: [1, 3, 13, 11])], outputs: ["z"],
        nodes: [
          Node("Flatten", inputs: ["input"], outputs: ["flat"]),
          Node("MatMul", inputs: ["flat", "w"], outputs: ["z"]),
        ], constants: ["w": Constant(Tensor([429, 4], repeating: 0.1))]))
    let error = #expect(throws: AttributionError.self) {
      try HiResCAM().attribute(picture, to: .logit(1), in: network)
    }
    #expect(error == .noSpatialLayer(has: ["flat (429 channels)", "z (4 channels)"]))
    #expect(error?.description.contains("z (4 channels); methods that explain pixels") == true)
    for method in [LayerConductance(layer: "logits"), LayerConductance(layer: "i")] {
      #expect(throws: AttributionError.noPositions(layer: method.layer)) {
        try method.attribute(picture, to: .logit(1), in: self.network)
      }
    }
  }
}
