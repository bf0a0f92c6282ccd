import Modules
import Tensors
import Testing

/// What modules do that a gradient does not show.
@Suite struct BehaviourTests {
  @Test("Batch norm in use normalizes by running means and is linear")
  func batchNorm() {
    var module = BatchNorm(channels: 1)
    let x = Tensor([4, 1], [1, 2, 3, 6])
    let normalized = module.forward(x)
    #expect(abs(normalized.mean) < 1e-6 && abs((normalized * normalized).mean - 1) < 1e-4)
    // PyTorch 2.15: BatchNorm1d(1) after one batch; the variance is the unbiased one.
    #expect(abs(module.runningMean.scalar - 0.3) < 1e-6)
    #expect(abs(module.runningVariance.scalar - 1.3666667) < 1e-6)
    let used = module.forward([Tensor([1, 1], [0.3])], training: false)
    #expect(abs(used.scalar) < 1e-6)
    let slope = module.backpropToInput(Tensor([1, 1], [1])).scalar
    #expect(abs(slope - 1 / (1.3666667 + 1e-5).squareRoot()) < 1e-6)
  }

  @Test("Dropout drops its share, keeps the mean, and lets the gradient through the same holes")
  func dropout() {
    var module = Dropout(rate: 0.25, seed: 5)
    let x = Tensor([10_000], repeating: 1)
    let output = module.forward(x)
    let dropped = output.scalars.filter { $0 == 0 }.count
    #expect((2350...2650).contains(dropped) && abs(output.mean - 1) < 0.03)
    #expect(module.backpropToInput(x) == output)
    #expect(module.forward(x) != output)
    #expect(module.forward([x], training: false) == x)
  }

  @Test("Softmax with cross-entropy takes logits that overflow alone")
  func stability() {
    var cost = CrossEntropy()
    let loss = cost.forward(
      Tensor([2, 2], [1000, 0, -1000, 1000]), CrossEntropy.targets([0, 0], classes: 2))
    #expect(loss.scalar == 2000)
    #expect(cost.backpropToInput(Tensor(1)).scalars == [0, 0, -1, 1])
    var softplus = Pointwise(.softplus)
    #expect(softplus.forward(Tensor([1, 2], [1000, -1000])).scalars == [1000, 0])
    var sigmoid = Pointwise(.sigmoid)
    #expect(sigmoid.forward(Tensor([1, 2], [1000, -1000])).scalars == [1, 0])
  }

  @Test("ReLU at 0 has derivative 0, and max pooling gives the first of equals the gradient")
  func awkwardPoints() {
    var relu = Pointwise(.relu)
    _ = relu.forward(Tensor([1, 1]))
    #expect(relu.backpropToInput(Tensor([1, 1], [1])).scalar == 0)
    var pooling = Pooling(.maximum, size: 2)
    _ = pooling.forward(Tensor([1, 1, 2, 2], [1, 3, 3, 0]))
    #expect(pooling.backpropToInput(Tensor([1, 1, 1, 1], [5])).scalars == [0, 5, 0, 0])
  }
}
