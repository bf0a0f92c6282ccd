import Blocks
import Networks
import Tensors
import Testing

@testable import Training

/// A small network of an architecture, and pictures to feed it.
struct SmallProblem {
  let network: TrainableNetwork
  let pictures: Tensor
  let labels: [Int]

  init(
    _ architecture: String, shape: Shape = [3, 8, 8], batch: Int = 6, classes: Int = 5,
    threads: Int = 1, seed: UInt64 = 1
  ) throws {
    network = try TrainableNetwork(
      Architecture(architecture),
      moments: ChannelMoments(mean: [0.4, 0.5, 0.6], standardDeviation: [0.2, 0.25, 0.3]),
      shape: shape, classes: classes, batch: batch, seed: seed, threads: threads)
    var random = SplitMix64(seed: seed &+ 100)
    pictures = .uniform(Shape([batch] + shape.dimensions), using: &random)
    labels = (0..<batch).map { $0 % classes }
  }

  func loss(_ pictures: Tensor? = nil, mode: NormalizationMode) -> Double {
    network.forward(pictures ?? self.pictures, mode: mode)
    return network.crossEntropy(labels, smoothing: 0.1).mean
  }
}

@Suite("Gradients of a network in training")
struct GradientTests {
  static let architectures = [
    "mlp:24,18", "cnn:16,24/2", "resnet:20,32/2+1,40/2+2", "resnet:16+1",
  ]

  /// Slope along the gradient itself: ‖g‖, by central differences.
  @Test("of the parameters agree with differences", arguments: architectures)
  func parameters(_ architecture: String) throws {
    let problem = try SmallProblem(architecture)
    let parameters = problem.network.parameters
    // Away from γ = 1, β = 0.
    var random = SplitMix64(seed: 5)
    for place in parameters.places {
      for i in place.scale where parameters.values.pointer[i] > 0 {
        parameters.values.pointer[i] = Float.random(in: 0.5...1.5, using: &random)
      }
    }
    _ = problem.loss(mode: .trainingQuietly)
    problem.network.backward()
    let count = parameters.trainedCount
    let gradient = (0..<count).map { parameters.gradients.pointer[$0] }
    let start = (0..<count).map { parameters.values.pointer[$0] }
    for (i, place) in parameters.places.enumerated() {
      for range in [place.weights, place.scale, place.shift] where !range.isEmpty {
        let squared = range.reduce(0.0) { $0 + Double(gradient[$1]) * Double(gradient[$1]) }
        guard squared > 1e-12 else { continue }
        let step = 2e-3 / squared.squareRoot()
        func loss(_ sign: Double) -> Double {
          for k in range {
            parameters.values.pointer[k] = start[k] + Float(sign * step * Double(gradient[k]))
          }
          return problem.loss(mode: .trainingQuietly)
        }
        let slope = (loss(1) - loss(-1)) / (2 * step)
        for k in range { parameters.values.pointer[k] = start[k] }
        #expect(abs(slope - squared) <= 0.02 * squared, "layer \(i): \(slope), not \(squared)")
      }
    }
  }

  @Test("of the pictures agree with differences", arguments: architectures, [true, false])
  func pictures(_ architecture: String, usesBatch: Bool) throws {
    let problem = try SmallProblem(architecture)
    let mode = usesBatch ? NormalizationMode.trainingQuietly : .inference
    _ = problem.loss(mode: mode)
    problem.network.backward(toWeights: false, toInput: true)
    let gradient = problem.network.pictureGradient()
    let squared = gradient.scalars.reduce(0.0) { $0 + Double($1) * Double($1) }
    let step = Float(2e-3 / squared.squareRoot())
    func moved(_ sign: Float) -> Tensor {
      Tensor(
        problem.pictures.shape,
        zip(problem.pictures.scalars, gradient.scalars).map { $0 + sign * step * $1 })
    }
    let slope =
      (problem.loss(moved(1), mode: mode) - problem.loss(moved(-1), mode: mode))
      / (2 * Double(step))
    #expect(abs(slope - squared) <= 0.02 * squared, "\(slope), not \(squared)")
  }

  @Test("do not depend on the number of threads", arguments: architectures)
  func threads(_ architecture: String) throws {
    let results = try [1, 3].map { threads in
      let problem = try SmallProblem(architecture, threads: threads)
      _ = problem.loss(mode: .training)
      problem.network.backward(toInput: true)
      let parameters = problem.network.parameters
      return (0..<parameters.trainedCount).map { parameters.gradients.pointer[$0] }
        + problem.network.pictureGradient().scalars + problem.network.logits.scalars
    }
    #expect(results[0] == results[1])
  }

  @Test("fill up blocks with nothing")
  func padding() throws {
    let problem = try SmallProblem("resnet:20,24/2+1")
    _ = problem.loss(mode: .training)
    problem.network.backward()
    let parameters = problem.network.parameters
    let nonzero = (0..<parameters.trainedCount).filter { parameters.gradients.pointer[$0] != 0 }
    #expect(nonzero.count <= parameters.trainedScalars)
  }
}
