import Tensors
import Testing

@testable import Blocks
@testable import Graphs
@testable import Networks
@testable import Plans

/// Graphs that take pictures of one size without declaring it.
@Suite struct MisfitTests {
  private func message(_ graph: Graph, side: Int = 20) -> String {
    do {
      _ = try Network(graph: graph).plan(
        inputShape: [1, 3, side, side], readings: [Reading(graph.outputs[0])])
      return "a plan"
    } catch {
      return "\(error)"
    }
  }

  @Test("A fully connected layer fixes the size of its map")
  func dense() {
    var builder = GraphBuilder(channels: 3)
    let pool = builder.add(
      "MaxPool", ["x"], ["kernel_shape": .ints([2, 2]), "strides": .ints([2, 2])])
    let flat = builder.add("Flatten", [pool])
    _ = builder.add("Gemm", [flat, builder.constant([3 * 12 * 12, 5])])
    #expect(
      message(builder.graph) == "the network cannot take an input of 1×3×20×20: Gemm 'gemm2': its "
        + "weights are for 432 features, and it gets 300 (3 channels of 10×10). Pictures of 24×24 "
        + "pixels fit")
    #expect(message(builder.graph, side: 24) == "a plan")
  }

  @Test("A table of positions fixes the number of tokens")
  func positions() {
    var builder = GraphBuilder(channels: 3)
    let c = ConvolutionCase(from: 3, to: 4, height: 0, width: 0, size: (4, 4), stride: (4, 4))
    let patches = builder.convolution("x", (3, 4), c, bias: false)
    let flat = builder.add("Reshape", [patches], ["shape": .ints([0, 4, -1])])
    let tokens = builder.add("Transpose", [flat], ["perm": .ints([0, 2, 1])])
    _ = builder.add("Add", [tokens, builder.constant([1, 64, 4])])
    #expect(
      message(builder.graph) == "the network cannot take an input of 1×3×20×20: Add 'add3': shapes "
        + "1×25×4, 1×64×4 do not fit; 1×64×4 is 'constant1' in the file. Pictures of 32×32 pixels "
        + "fit")
  }

  @Test("Where no size would help, none is named")
  func hopeless() {
    var builder = GraphBuilder(channels: 3)
    _ = builder.add("Add", ["x", builder.constant([1, 2, 1, 1])])
    #expect(message(builder.graph) == "Add 'add0': shapes 1×3×20×20, 1×2×1×1 do not fit")
  }
}
