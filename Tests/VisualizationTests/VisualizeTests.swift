import Autodiff
import Objectives
import Optimizers
import Tensors
import Testing
import Visualization

@Suite struct VisualizeTests {
  private let image = FourierImage(side: 24)

  @Test("finds the filter it looks for")
  func findsFilter() throws {
    let network = PatchNetwork()
    let result = try visualize(
      .channel("patches", 3), in: network,
      parameterization: PixelImage(
        height: 24, width: 24, colors: ColorMapping(decorrelated: false)),
      transforms: .none, steps: 200)
    // The best picture is white where the filter is positive and black where it is not.
    let filter = network.filters.gathered([3], alongAxis: 1)
    let best = filter.map { max($0, 0) }.total
    #expect(result.finalValue > 0.9 * best)
  }

  @Test("the same seed gives the same picture, another another")
  func seeds() throws {
    func render(_ seed: UInt64) throws -> Tensor {
      try visualize(
        .channel("patches", 1), in: PatchNetwork(), parameterization: image, steps: 5, seed: seed
      ).picture
    }
    #expect(try render(3) == render(3))
    #expect(try render(3) != render(4))
  }

  @Test("progress sees every step, and a value that rises")
  func progress() throws {
    var values: [Float] = []
    let result = try visualize(
      .channel("patches", 1), in: PatchNetwork(), parameterization: image, transforms: .none,
      steps: 8
    ) { step in
      #expect(step.number == values.count && step.gradientNorm > 0)
      #expect(step.picture().shape == [1, 3, 24, 24])
      values.append(step.value)
    }
    #expect(values.count == 8 && values == values.sorted())
    #expect(values[0] == result.initialValue && values[7] < result.finalValue)
  }

  @Test("goes on from where it stopped")
  func resumes() throws {
    let optimizer = GradientDescent(learningRate: 0.5)
    func run(_ steps: Int, _ start: [Tensor]? = nil) throws -> Rendering {
      try visualize(
        .channel("patches", 1), in: PatchNetwork(), parameterization: image, startingAt: start,
        transforms: .none, optimizer: optimizer, steps: steps)
    }
    #expect(try run(3, run(4).parameters).picture == run(7).picture)
  }

  @Test("the network sees the size that was asked for, one plan a size")
  func sizes() throws {
    for (size, transforms, expected): (InputSize, [any Transform], Set<Shape>) in [
      (.picture, .standard, [[1, 3, 24, 24]]), (.picture, .robust, [[1, 3, 24, 24]]),
      (.fixed(height: 16, width: 20), .standard, [[1, 3, 16, 20]]),
    ] {
      let network = PatchNetwork()
      _ = try visualize(
        .channel("patches", 1), in: network, parameterization: image, transforms: transforms,
        inputSize: size, steps: 6)
      #expect(network.compiled.count == 1 && Set(network.compiled) == expected)
    }
    let network = PatchNetwork()
    _ = try visualize(
      .channel("patches", 1), in: network, parameterization: image, transforms: .standard,
      inputSize: .varying, steps: 12)
    #expect(network.compiled.count > 2 && Set(network.compiled).count == network.compiled.count)
  }

  @Test("wakes a unit that its first picture leaves cold")
  func waking() throws {
    let network = PatchNetwork()
    let cold = try #require(
      (0..<6).first { channel in
        let scene = try? visualize(
          .channel("relu", channel), in: network, parameterization: image, transforms: .none,
          steps: 1)
        return scene?.initialValue == 0
      })
    let result = try visualize(
      .channel("relu", cold), in: network, parameterization: image, transforms: .none, steps: 40)
    #expect(result.initialValue == 0 && result.finalValue > 0)
  }

  @Test("a picture that changes nothing ends the ascent")
  func noGradient() {
    let constant = Objective("0") { ($0.picture * 0).sum() }
    #expect(throws: VisualizationError.noGradient(step: 0)) {
      _ = try visualize(constant, in: PatchNetwork(), parameterization: image, steps: 3)
    }
  }

  @Test("a value that is not finite ends the ascent")
  func divergence() {
    let broken = Objective("1/0") { _ in Variable(1) / Variable(0) }
    #expect(throws: VisualizationError.diverged(step: 0)) {
      _ = try visualize(broken, in: PatchNetwork(), parameterization: image, steps: 3)
    }
  }

  @Test("cancelling the task ends the ascent, and so does an error from progress")
  func cancellation() async {
    let task = Task {
      withUnsafeCurrentTask { $0?.cancel() }
      _ = try visualize(
        .channel("patches", 1), in: PatchNetwork(), parameterization: FourierImage(side: 16))
    }
    await #expect(throws: CancellationError.self) { try await task.value }
    struct Stop: Error {}
    #expect(throws: Stop.self) {
      _ = try visualize(.l1(), in: PatchNetwork(), parameterization: image) { step in
        if step.number == 2 { throw Stop() }
      }
    }
  }

  @Test("one pass renders several units", .timeLimit(.minutes(1)))
  func severalUnits() throws {
    let both: Objective = .channel("patches", 0).picture(0) + .channel("patches", 1).picture(1)
    let batch = FourierImage(side: 16, batch: 2)
    var random = SplitMix64(seed: 1)
    let start = batch.initialParameters(using: &random)
    let together = try visualize(
      both, in: PatchNetwork(), parameterization: batch, startingAt: start, transforms: .none,
      steps: 5)
    let alone = try visualize(
      .channel("patches", 1), in: PatchNetwork(), parameterization: FourierImage(side: 16),
      startingAt: [start[0].gathered([1], alongAxis: 0)], transforms: .none, steps: 5)
    let second = together.picture.gathered([1], alongAxis: 0)
    #expect((second - alone.picture).absolute().maximum <= 1e-5)
  }
}
