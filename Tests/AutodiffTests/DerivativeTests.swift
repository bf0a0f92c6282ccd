import Autodiff
import Tensors
import Testing

@Suite struct DerivativeTests {
  /// (x₀² x₁, sin x₀) at (2, 3), whose derivatives are easy by hand.
  private func f(_ x: Variable) -> Variable {
    let (a, b) = (x.sliced([0..<1]), x.sliced([1..<2]))
    return concatenate([a * a * b, sin(a), 5 * b])
  }

  @Test("A Jacobian has a row a result")
  func jacobianByHand() {
    let result = jacobian(at: Tensor([2], [2, 3]), of: f)
    #expect(result.shape == [3, 2])
    #expect(result.scalars.elementsEqual([12, 4, -0.41614684, 0, 0, 5]) { abs($0 - $1) < 1e-6 })
    let same = jacobian(at: Variable(Tensor([2], [2, 3])), of: f)
    #expect(same.value == result)
  }

  @Test("A directional derivative is the Jacobian times the direction")
  func forward() {
    let (x, v) = (Tensor([2], [2, 3]), Tensor([2], [0.5, -1]))
    let (value, derivative) = valueWithDerivative(at: x, along: v, of: f)
    let expected = Tensor.matmul(jacobian(at: x, of: f), v.reshaped([2, 1])).reshaped([3])
    #expect(value.scalars[0] == 12 && (derivative - expected).absolute().maximum < 1e-6)
  }

  @Test("The Hessian of a cubic by hand, its products, and their order")
  func hessians() {
    // f = x₀² x₁ + x₁³ has H = [[2x₁, 2x₀], [2x₀, 6x₁]].
    func cubic(_ x: Variable) -> Variable {
      let (a, b) = (x.sliced([0..<1]), x.sliced([1..<2]))
      return (a * a * b + b * b * b).sum()
    }
    let x = Tensor([2], [2, 3])
    #expect(hessian(at: x, of: cubic).scalars == [6, 4, 4, 18])
    #expect(hessian(at: Variable(x), of: cubic).value.shape == [2, 2])
    let product = gradientWithHessianVectorProduct(at: x, along: Tensor([2], [1, -1]), of: cubic)
    #expect(product.gradient.scalars == [12, 31] && product.product.scalars == [2, -14])
    let trace = gradient(at: x) { x in
      let h = hessian(at: x, of: cubic)
      return (h * Variable(Tensor([2, 2], [1, 0, 0, 1]))).sum()
    }
    #expect(trace.scalars == [0, 8])
  }

  @Test("Derivatives of any order: the n-th of eˣ is eˣ, that of sin turns", arguments: 0...6)
  func anyOrder(_ order: Int) {
    func derivative(_ order: Int, _ f: @escaping (Variable) -> Variable) -> (Variable) -> Variable {
      order == 0 ? f : derivative(order - 1) { x in gradient(at: x, of: f) }
    }
    let x = Variable(0.7)
    #expect(abs(derivative(order) { exp($0) }(x).value.scalar - 2.0137527) < 1e-5)
    let turns: [Float] = [0.64421769, 0.76484219, -0.64421769, -0.76484219]
    #expect(abs(derivative(order) { sin($0) }(x).value.scalar - turns[order % 4]) < 1e-5)
  }

  @Test("what nothing depends on has no gradient, where the slope is infinite too")
  func infiniteSlopes() {
    // The length of a vector, squared: |x|², whose gradient is 2x, also at 0.
    func length(_ x: Variable) -> Variable { sqrt(square(x).sum()) }
    #expect(gradient(at: Tensor([2], [0, 0])) { length($0) * length($0) }.scalars == [0, 0])
    let root = gradient(at: Tensor([2], [0, 0])) { pow(pow(square($0).sum(), 0.5), 2) }
    #expect(root.scalars == [0, 0])
    // Parts that are left out again: of the second number alone there is anything.
    let left = Variable(Tensor([2], [0, 1]))
    func chosen(_ x: Variable) -> Variable {
      x.gathered([1], alongAxis: 0).sum()
    }
    let x = Tensor([2], [0, 4])
    #expect(gradient(at: x) { chosen(log($0)) }.scalars == [0, 0.25])
    #expect(gradient(at: x) { chosen(sqrt($0)) }.scalars == [0, 0.25])
    #expect(gradient(at: x) { chosen(1 / $0) }.scalars == [0, -0.0625])
    #expect(gradient(at: x) { chosen(left / $0) }.scalars == [0, -0.0625])
    #expect(gradient(at: x) { chosen($0 / $0) }.scalars == [0, 0])
    #expect(gradient(at: x) { chosen(pow($0, 0.5)) }.scalars == [0, 0.25])
    // Where something depends on it, an infinite slope stays one.
    #expect(gradient(at: x) { sqrt($0).sum() }.scalars[0] == .infinity)
  }

  @Test("Your own operation: forward, backward, values saved in between")
  func ownOperation() {
    let check = checkGradient(at: [Tensor(3), Tensor(-4)]) { Multiply()($0[0], $0[1]) }
    #expect(check.passes, "\(check)")
    let (value, gradients) = valueWithGradient(at: [Tensor(3), Tensor(-4)]) {
      Multiply()($0[0], $0[1])
    }
    #expect(value == -12 && gradients.map(\.scalar) == [-4, 3])
    let second = gradient(at: Tensor(3)) { x in gradient(at: x) { Multiply()($0, $0) } }
    #expect(second.scalar == 2)
  }
}

/// The lecture's example of an operation that PyTorch does not know.
struct Multiply: DifferentiableFunction {
  func forward(_ inputs: [Variable]) -> (value: Tensor, saved: [Variable]) {
    (inputs[0].value * inputs[1].value, inputs)
  }

  func backward(_ cotangent: Variable, output: Variable, saved: [Variable]) -> [Variable?] {
    [saved[1] * cotangent, saved[0] * cotangent]
  }
}
