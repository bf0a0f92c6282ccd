import Autodiff
import Tensors
import Testing

@Suite struct GradientTests {
  @Test("A gradient is by the argument, not by the same variable where it was captured")
  func perturbationConfusion() {
    let result = gradient(at: Tensor(3)) { x in x * gradient(at: x) { y in x * y } }
    // d/dy xy = x, so the outer function is x².
    #expect(result.scalar == 6)
  }

  @Test("d³/dx³ x⁴ = 24 x")
  func thirdDerivative() {
    let result = gradient(at: Tensor(2)) { x in
      gradient(at: x) { x in gradient(at: x) { x in square(square(x)) } }
    }
    #expect(result.scalar == 48)
  }

  @Test("A pullback may be called again and from any cotangent")
  func pullback() {
    let (value, pullback) = valueWithPullback(at: Tensor([2], [1, 2])) { $0 * $0 }
    #expect(value.scalars == [1, 4])
    #expect(pullback(Tensor([2], [1, 0])).scalars == [2, 0])
    #expect(pullback(Tensor([2], [1, 1])).scalars == [2, 4])
  }

  @Test("A variable without influence has gradient 0")
  func independence() {
    let result = gradient(at: [Tensor([2]), Tensor(3)]) { x in square(x[1]) }
    #expect(result[0] == Tensor([2]) && result[1].scalar == 6)
    #expect(gradient(at: Tensor(2)) { $0.detached * $0 }.scalar == 2)
    #expect(gradient(at: Tensor(2)) { $0 }.scalar == 1)
  }

  @Test("Constants are not recorded, and neither is a walk backwards that nobody differentiates")
  func recording() {
    let constant = exp(Variable(1) + 2)
    #expect(!constant.isTraced && constant.inputs.isEmpty)
    var traced: [Bool] = []
    _ = gradient(at: Tensor(2)) { x in
      Variable(x.value, operation: "probe", inputs: [x]) { g in
        traced.append((g * x).isTraced)
        return [g * x]
      }
    }
    #expect(traced == [false])
  }

  @Test("A primitive with several results is pulled back once")
  func severalResults() {
    var calls = 0
    let result = gradient(at: Tensor([3], [1, 2, 3])) { x in
      let parts = Variable.results(
        [x.value * 2, x.value * 3, x.value * 5], operation: "multiples", inputs: [x]
      ) { g in
        calls += 1
        #expect(g.count == 3 && g[1] == nil)
        return [g[0].map { $0 * 2 + (g[2] ?? Variable(Tensor([3]))) * 5 }]
      }
      return square(parts[0]).sum() + parts[2].sum()
    }
    #expect(calls == 1)
    #expect(result.scalars == [13, 21, 29])
  }

  @Test("A hundred thousand steps are recorded, walked and released without recursion")
  func longChain() {
    let result = gradient(at: Tensor(1)) { x in
      var y = x
      for _ in 0..<100_000 { y = y + 1 }
      return y
    }
    #expect(result.scalar == 1)
  }

  @Test("A missing derivative, a wrong shape and a value that is no scalar trap")
  func traps() async {
    await #expect(processExitsWith: .failure) {
      _ = gradient(at: Tensor(1)) {
        Variable($0.value, withoutDerivative: "rank", inputs: [$0])
      }
    }
    await #expect(processExitsWith: .failure) {
      _ = gradient(at: Tensor([2])) {
        Variable(Tensor(1), operation: "wrong", inputs: [$0]) { g in [g] }
      }
    }
    await #expect(processExitsWith: .failure) { _ = gradient(at: Tensor([2])) { $0 } }
  }

  @Test("The checker sees a gradient that is wrong by one percent")
  func checkerFails() {
    let x = Tensor([4], [0.1, 0.2, 0.3, 0.4])
    let check = checkGradient(at: x) { x in
      Variable(x.value * x.value, operation: "square", inputs: [x]) { g in [g * x * 2.02] }
    }
    #expect(check.relativeError > 4e-3)
  }
}
