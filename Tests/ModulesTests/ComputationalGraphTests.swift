import Autodiff
import Modules
import Optimizers
import Tensors
import Testing

@Suite struct ComputationalGraphTests {
  @Test("Modules run in topological order, in whatever order they were added")
  func order() {
    var graph = ComputationalGraph()
    graph.add("f", Multiply(), of: "q", "z")
    graph.add("q", Add(), of: "x", "y")
    #expect(graph.order == ["q", "f"])
    let f = graph.forward(["x": Tensor(-2), "y": Tensor(5), "z": Tensor(-4)])
    #expect(f.scalar == -12 && graph["q"]?.scalar == 3)
    let gradients = graph.backward()
    #expect(gradients.mapValues(\.scalar) == ["x": -4, "y": -4, "z": 3])
    #expect(graph.gradient(by: "q")?.scalar == -4)
  }

  @Test("Branches meet, weights decay, and all is as on the tape")
  func branches() {
    var random = SplitMix64(seed: 9)
    let (x, y) = (Tensor.normal([3, 4], using: &random), Tensor.normal([3, 2], using: &random))
    var graph = ComputationalGraph()
    graph.weightDecay = 0.1
    graph.add("h", Linear(inputs: 4, outputs: 4, using: &random), of: "x")
    graph.add("a", Pointwise(.tanh, bias: Tensor.normal([4], using: &random)), of: "h")
    graph.add("sum", Add(), of: "a", "x", "h")
    graph.add("out", Linear(inputs: 4, outputs: 2, using: &random), of: "sum")
    graph.add("loss", EuclideanCost(), of: "out", "y")
    let loss = graph.forward(["x": x, "y": y])
    let gradients = graph.backward()
    let (value, expected) = valueWithGradient(at: [x, y] + graph.weights) { v in
      let h = matmul(v[0], v[2].transposed([1, 0]))
      let out = matmul(tanh(h + v[3]) + v[0] + h, v[4].transposed([1, 0]))
      let decay = v[2...].map { square($0).sum() }.reduce(Variable(0), +)
      return 0.5 * square(out - v[1]).sum() + 0.05 * decay
    }
    #expect(abs(loss.scalar - value) < 1e-4)
    let found = [gradients["x"], gradients["y"]].compactMap { $0 } + graph.weightGradients
    #expect(found.count == expected.count)
    for (a, b) in zip(found, expected) { #expect(distance(a, b) < 1e-5) }
  }

  @Test("Descent brings a network to learn exclusive or")
  func training() {
    var random = SplitMix64(seed: 1)
    var graph = ComputationalGraph()
    graph.add("h", Linear(inputs: 2, outputs: 8, using: &random), of: "x")
    graph.add("a", Pointwise(.tanh, biases: 8), of: "h")
    graph.add("o", Linear(inputs: 8, outputs: 2, using: &random), of: "a")
    graph.add("logits", Pointwise(.identity, biases: 2), of: "o")
    graph.add("loss", CrossEntropy(), of: "logits", "y")
    let x = Tensor([4, 2], [0, 0, 0, 1, 1, 0, 1, 1])
    let y = CrossEntropy.targets([0, 1, 1, 0], classes: 2)
    var optimizer = Adam(learningRate: 0.05)
    var loss: Float = 0
    for _ in 0..<200 {
      loss = graph.forward(["x": x, "y": y]).scalar
      graph.backward()
      graph.update(by: &optimizer)
    }
    #expect(loss < 0.05)
  }

  @Test("A circle, a missing input and a result that is no scalar trap")
  func traps() async {
    await #expect(processExitsWith: .failure) {
      var graph = ComputationalGraph()
      graph.add("a", Add(), of: "b")
      graph.add("b", Add(), of: "a")
    }
    await #expect(processExitsWith: .failure) {
      var graph = ComputationalGraph()
      graph.add("a", Add(), of: "b")
      _ = graph.forward([:])
    }
    await #expect(processExitsWith: .failure) {
      var graph = ComputationalGraph()
      graph.add("a", Add(), of: "b")
      _ = graph.forward(["b": Tensor([2])])
      graph.backward()
    }
  }
}
