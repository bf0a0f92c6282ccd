import Networks
import Tensors
import Testing

@testable import Verification

/// Recorded inputs that are no pictures.
@Suite struct RecordedVolumeTests {
  @Test("a volume has its own slices where the file leaves open how many there are")
  func slices() throws {
    let network = Network(
      graph: Graph(
        inputs: [Graph.Input(name: "x", dimensions: [1, 1, nil, nil, nil])], outputs: ["y"],
        nodes: [Node("Relu", inputs: ["x"], outputs: ["y"])]))
    let input = Tensor([1, 1, 7, 6, 5], (0..<210).map { Float($0) })
    let feed = try GoldenCase.Feed(network: network, input: input).shapedForMethods()
    #expect(feed.input.shape == [1, 7, 6, 5] && feed.input.scalars == input.scalars)
    #expect(feed.network.form.inWords == "a volume of 7 slices")
  }
}
