import Attribution
import Networks
import Objectives
import Tensors
import Testing

/// Layers of networks of signals.
@Suite struct SignalLayerTests {
  /// A signal laid on rows and columns, and a convolution of those.
  private func network() -> Network {
    var random = SplitMix64(seed: 4)
    return Network(
      graph: Graph(
        inputs: [.init(name: "x", dimensions: [1, 60])], outputs: ["logits"],
        nodes: [
          Node("Reshape", inputs: ["x", "plane"], outputs: ["square"]),
          Node("Conv", inputs: ["square", "weights", "bias"], outputs: ["a"]),
          Node("Relu", inputs: ["a"], outputs: ["b"]),
          Node("GlobalAveragePool", inputs: ["b"], outputs: ["c"]),
          Node("Flatten", inputs: ["c"], outputs: ["d"]),
          Node("Gemm", inputs: ["d", "dense"], outputs: ["logits"]),
        ],
        constants: [
          "plane": Constant(Tensor([4], [1, 1, 6, 10]), isInteger: true),
          "weights": Constant(.normal([5, 1, 3, 3], using: &random)),
          "bias": Constant(.normal([5], using: &random)),
          "dense": Constant(.normal([5, 3], using: &random)),
        ])
    ).takingPictures()
  }

  @Test("rows beside columns are refused, whatever a method makes of them", arguments: 0..<4)
  func rows(number: Int) throws {
    let network = network()
    #expect(network.form == .signal)
    var random = SplitMix64(seed: 5)
    let signal = Tensor.normal([1, 1, 1, 60], using: &random)
    let methods: [any AttributionMethod] = [
      GradCAM(layer: "b"), GuidedGradCAM(layers: ["b"]), LayerFusion([GradCAM(layer: "b")]),
      FullGrad(),
    ]
    let explained = Explained(.channel("logits", 1), in: network, inputShape: signal.shape)
    #expect(throws: AttributionError.rowsOfSignal(layer: number < 3 ? "b" : "a")) {
      try explained.map(of: signal, by: methods[number])
    }
  }
}
