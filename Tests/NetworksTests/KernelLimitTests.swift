import Tensors
import Testing

@testable import Graphs
@testable import Networks
@testable import Plans

/// Where the kernels' shortcuts end.
@Suite struct KernelLimitTests {
  private static func plan(_ type: String, _ attributes: [String: Attribute], _ shape: Shape) throws
    -> Plan
  {
    var b = GraphBuilder(channels: shape[1])
    let x = b.add("Relu", ["x"])
    _ =
      type == "Conv"
      ? b.add("Conv", [x, b.constant([1, 1, 1, 1])], attributes) : b.add(type, [x], attributes)
    return try Network(graph: b.graph).plan(
      inputShape: shape, readings: [Reading(b.graph.outputs[0])], threads: 1)
  }

  @Test("a stride or a margin over single pixels keeps the pictures apart")
  func singlePixels() throws {
    let shape: Shape = [3, 1, 1, 1]
    for attributes: [String: Attribute] in [
      ["strides": .ints([2, 2])], ["strides": .ints([3, 3]), "pads": .ints([1, 1, 1, 1])],
    ] {
      let plan = try Self.plan("Conv", attributes, shape)
      let values = try plan.forward(Tensor(shape, [3, 5, 7]))[0].scalars
      let gradient = try plan.backward([Tensor([3, 1, 1, 1], [1, 2, 3])]).scalars
      let isPadded = attributes["pads"] != nil
      for i in 0..<3 {
        #expect(abs(values[i] - values[0] * Float(2 * i + 3) / 3) <= 1e-6 * abs(values[i]))
        #expect(abs(gradient[i] - gradient[0] * Float(i + 1)) <= 1e-6 * abs(gradient[i]))
      }
      // With the margin, all that the window's one place sees is a 0.
      #expect((values[0] == 0) == isPadded && (gradient[0] == 0) == isPadded)
    }
  }

  @Test(
    "the gradient of a maximum goes where it was, in windows of any size",
    arguments: ["GlobalMaxPool", "MaxPool"])
  func maximum(type: String) throws {
    let shape: Shape = [1, 1, 20, 20]
    var x = Tensor(shape)
    x[0, 0, 19, 18] = 1
    let plan = try Self.plan(
      type, type == "MaxPool" ? ["kernel_shape": .ints([20, 20])] : [:], shape)
    #expect(try plan.forward(x)[0].scalars == [1])
    #expect(try plan.backward([Tensor([1, 1, 1, 1], [7])]) == x * 7)
  }
}
