import Autodiff
import Modules
import Optimizers
import Tensors
import Testing

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// The lecture's examples, to the digits it prints.
@Suite struct LectureTests {
  @Test("f = (x + y) z at (−2, 5, −4): f = −12, ∂f = (−4, −4, 3)")
  func simpleExample() {
    let (f, gradient) = valueWithGradient(at: [Tensor(-2), Tensor(5), Tensor(-4)]) {
      ($0[0] + $0[1]) * $0[2]
    }
    #expect(f == -12 && gradient.map(\.scalar) == [-4, -4, 3])
  }

  @Test("L = ½ (σ(wx + b) − t)² + λ/2 w² has the two derivatives of the slide")
  func manualGradient() {
    let (w, b, x, t, λ): (Float, Float, Float, Float, Float) = (0.5, -0.3, 1.5, 1, 0.1)
    let gradients = gradient(at: [Tensor(w), Tensor(b)]) { v in
      let y = sigmoid(v[0] * x + v[1])
      return 0.5 * square(y - t) + (λ / 2) * square(v[0])
    }
    let σ = 1 / (1 + exp(-(w * x + b)))
    let byBias = (σ - t) * σ * (1 - σ)
    #expect(abs(gradients[0].scalar - (byBias * x + λ * w)) < 1e-7)
    #expect(abs(gradients[1].scalar - byBias) < 1e-7)
  }

  @Test("The 2–2–1 network, every number that is printed")
  func network() {
    var graph = ComputationalGraph()
    graph.add("x1", Linear(Tensor([2, 2], [1, -3, 0.2, 1])), of: "x0")
    graph.add("x2", Pointwise(.tanh), of: "x1")
    graph.add("x3", Linear(Tensor([1, 2], [1, -1])), of: "x2")
    graph.add("loss", EuclideanCost(), of: "x3", "y")
    let loss = graph.forward(["x0": Tensor([1, 2], [1, 0.1]), "y": Tensor([1, 1], [0.5])])
    graph.backward()

    expect(graph["x1"], ["0.7", "0.3"])
    expect(graph["x2"], ["0.604", "0.291"])
    expect(graph["x3"], ["0.313"])
    expect(loss, ["0.017"])
    expect(graph.gradient(by: "x3"), ["−0.1869"])
    expect(graph.gradient(by: "x2"), ["−0.1869", "0.1869"])
    expect(graph.gradient(by: "x1"), ["−0.1186", "0.171"])
    // The lecture writes ∂L/∂W with a column an output; here it has the shape of W.
    let (w0, w1) = (graph.weightGradients[0], graph.weightGradients[1])
    expect(w0.transposed([1, 0]), ["−0.1186", "0.171", "−0.01186", "0.0171"])
    expect(w1, ["−0.113", "−0.054"])

    var descent = GradientDescent(learningRate: 0.2)
    graph.update(by: &descent)
    expect(graph.weights[0], ["1.02", "−3.0", "0.17", "1.0"])
    // Printed as (1.02, −0.989): the first number is cut to one digit less than the second.
    expect(graph.weights[1], ["1.023", "−0.989"])
  }

  @Test("Logistic regression, as autograd's slide trains it")
  func logisticRegression() {
    let inputs = Tensor(
      [4, 3], [0.52, 1.12, 0.77, 0.88, -1.08, 0.15, 0.52, 0.06, -1.30, 0.74, -2.49, 1.39])
    let targets = Variable(Tensor([4], [1, 1, 0, 1]))
    func loss(_ weights: Variable) -> Variable {
      let x = matmul(Variable(inputs), weights.reshaped(to: [3, 1])).reshaped(to: [4])
      let predictions = 0.5 * (tanh(x) + 1)
      return -log(predictions * targets + (1 - predictions) * (1 - targets)).sum()
    }
    var weights = Tensor([3])
    var optimizer = GradientDescent(learningRate: 0.01)
    #expect(abs(loss(Variable(weights)).value.scalar - 2.7725887) < 1e-5)
    for _ in 0..<100 { optimizer.update(&weights, along: gradient(at: weights, of: loss)) }
    // PyTorch 2.15 in double precision.
    #expect(abs(loss(Variable(weights)).value.scalar - 0.3890075) < 1e-6)
  }

  /// Whether values are the printed ones: rounded, or, as −0.1186 for −0.11866, cut to as many decimals.
  private func expect(
    _ found: Tensor?, _ printed: [String], at location: SourceLocation = #_sourceLocation
  ) {
    let scalars = found?.scalars ?? []
    #expect(scalars.count == printed.count, sourceLocation: location)
    for (value, text) in zip(scalars, printed) {
      let decimals = text.split(separator: ".").last?.count ?? 0
      let scaled = Double(value) * pow(10, Double(decimals))
      let digits = text.filter { $0 != "." }.replacing("−", with: "-")
      #expect(
        Int(digits) == Int(scaled.rounded()) || Int(digits) == Int(scaled),
        "\(value) against \(text)", sourceLocation: location)
    }
  }
}
