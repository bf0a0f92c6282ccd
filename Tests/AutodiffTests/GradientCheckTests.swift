import Autodiff
import Tensors
import Testing

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

@Suite struct GradientCheckTests {
  private let x = Tensor([4], [0.1, 0.2, 0.3, 0.4])

  @Test("It says which input is wrong")
  func whichInput() {
    let check = checkGradient(at: [x, x + 1]) { v in
      Variable(v[0].value * v[1].value, operation: "product", inputs: v) { g in
        [g * v[1], g * v[0] * 1.02]
      }
    }
    #expect(check.inputs.map(\.verdict) == [.agrees, .gradientIsWrong])
    #expect(check.worst?.index == 1 && !check.passes)
    #expect(check.description.contains("input 1, 4: the gradient is wrong"))
  }

  @Test("It says when no step size can tell")
  func stepIsToBlame() {
    // The rounding of values near 10⁵ hides a slope near 1.
    let check = checkGradient(at: x, tolerance: 1e-4) { sin($0) + 100_000 }
    #expect(check.inputs[0].verdict == .stepIsToBlame, "\(check)")
    #expect(checkGradient(at: x) { sin($0) }.passes)
  }

  @Test("It sees a pullback that cannot be differentiated")
  func forwardDiffers() {
    let check = checkGradient(at: x) { x in
      Variable(x.value * 3, operation: "triple", inputs: [x]) { g in [Variable(g.value * 3)] }
    }
    #expect(check.inputs[0].verdict == .forwardDiffers)
    #expect(check.inputs[0].relativeError < 1e-4)
  }

  @Test("The error over the step falls, then rounding makes it rise")
  func steps() throws {
    let input = try #require(checkGradient(at: Tensor(0.7)) { exp($0) }.worst)
    let errors = input.steps.map { abs($0.estimate - input.reverse) }
    let least = try #require(errors.min())
    #expect(errors[0] > 100 * least && errors[10] > 2 * least)
    #expect(abs(input.difference - input.reverse) < 2e-6 * input.scale)
  }

  @Test("In double precision only the tape's own rounding is left")
  func doublePrecision() {
    let check = checkGradient(
      at: [x, x + 1], tolerance: 2e-6, of: { tanh($0[0] * $0[1]) * exp($0[0]) },
      inDoublePrecision: { v in zip(v[0], v[1]).map { tanh($0 * $1) * exp($0) } })
    #expect(check.passes, "\(check)")
    #expect(check.inputs.allSatisfy { $0.uncertainty < 1e-8 })
  }
}
