import Attribution
import Foundation
import Graphs
import Networks
import Objectives
import Tensors
import Testing

@testable import Faithfulness

@Suite struct RandomWeightsTests {
  private let recorded: RecordedMetrics
  private let layers = [
    "classifier.3", "classifier.0", "features.8", "features.5", "features.2", "features.0",
  ]

  init() throws { recorded = try RecordedMetrics() }

  @Test("layers with weights, from the first to the last")
  func weightedLayers() {
    #expect(recorded.network.weightedLayers == layers.reversed())
  }

  @Test("the gradient's similarities as another network's weights come in from the top")
  func parity() throws {
    let other = try Network(contentsOf: RecordedMetrics.file("model_randomized.onnx").path)
    let maps = try RecordedMetrics.tensor("metric_parameter_randomization_maps.pb")
    let (signed, absolute, structure) = (
      try RecordedMetrics.tensor("metric_parameter_randomization_spearman.pb").scalars,
      try RecordedMetrics.tensor("metric_parameter_randomization_spearman_abs.pb").scalars,
      try RecordedMetrics.tensor("metric_parameter_randomization_ssim.pb").scalars
    )
    let original = try recorded.logit.map(of: recorded.input, by: .gradient)
    for stage in 1...layers.count {
      let network = try recorded.network.replacingWeights(of: layers.prefix(stage), from: other)
      let map = try recorded.explained(.logit(recorded.unit), in: network).map(
        of: recorded.input, by: .gradient)
      let golden = maps.gathered([stage], alongAxis: 0).reshaped(map.shape)
      #expect((map - golden).absolute().maximum < 1e-5 * golden.absolute().maximum)
      let index = stage - 1
      let magnitudes = (original.absolute().channelMean, map.absolute().channelMean)
      let rank = try #require(spearman(original.channelMean.scalars, map.channelMean.scalars))
      #expect(abs(rank - Double(signed[index])) < 1e-5)
      let rankOfMagnitudes = try #require(spearman(magnitudes.0.scalars, magnitudes.1.scalars))
      #expect(abs(rankOfMagnitudes - Double(absolute[index])) < 1e-5)
      let similarity = try #require(
        StructuralSimilarity()(magnitudes.0.magnitudesOfUnit, magnitudes.1.magnitudesOfUnit))
      #expect(abs(similarity - Double(structure[index])) < 1e-5)
    }
  }

  @Test(
    "random weights keep a tensor's mean and deviation, and draw the same with other layers or without"
  )
  func draws() throws {
    let network = recorded.network
    let one = try network.randomized(layers: ["features.5"], seed: 3)
    let all = try network.randomized(layers: network.weightedLayers, seed: 3)
    var changed = 0
    for (name, constant) in network.graph.constants where constant.tensor.count > 100 {
      let (old, new) = (constant.tensor, try #require(all.graph.constants[name]).tensor)
      guard old != new else { continue }
      changed += 1
      #expect(abs(spearman(old.scalars, new.scalars) ?? 1) < 0.2)
      let deviation = { (t: Tensor) in (t - t.mean).norm / Float(t.count).squareRoot() }
      #expect(abs(deviation(new) / deviation(old) - 1) < 0.15)
      #expect(abs(new.mean - old.mean) < 0.25 * deviation(old))
    }
    #expect(changed == layers.count)
    let differing = network.graph.constants.filter { name, constant in
      one.graph.constants[name]?.tensor != constant.tensor
    }
    #expect(differing.count == 2, "weights and biases of one layer")
    for name in differing.keys {
      #expect(one.graph.constants[name]?.tensor == all.graph.constants[name]?.tensor)
    }
    let other = try network.randomized(layers: ["features.5"], seed: 4)
    #expect(
      differing.keys.allSatisfy {
        other.graph.constants[$0]?.tensor != one.graph.constants[$0]?.tensor
      })
  }

  @Test("a layer without weights is an error with those most like it")
  func unknown() {
    #expect(throws: NetworkError.self) { try recorded.network.randomized(layers: ["features.4"]) }
  }

  @Test("cascades end with all layers, single layers run from the last to the first")
  func stages() {
    let cascade = WeightRandomization(.cascading, stages: 4).layers(of: recorded.network)
    #expect(cascade.map(\.count) == [1, 3, 4, 6] && cascade[3] == layers)
    let single = WeightRandomization(.independent, stages: 4).layers(of: recorded.network)
    #expect(single == [["classifier.3"], ["classifier.0"], ["features.5"], ["features.0"]])
    let few = WeightRandomization(.independent, stages: 99).layers(of: recorded.network)
    #expect(few == layers.map { [$0] })
  }
}
