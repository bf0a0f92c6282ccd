import Networks
import Testing

@testable import Training

@Suite("Architectures in a few words")
struct ArchitectureTests {
  @Test("everyday64-robust's")
  func everyday() throws {
    let layers = try Architecture("resnet:32,64/2,128/2+1,192/2+1")
      .layers(channels: 3, height: 64, width: 64, classes: 71)
    #expect(
      layers.map(\.name) == [
        "stem", "stage1", "stage2.0", "stage2.1.conv1", "stage2.1.conv2", "stage3.0",
        "stage3.1.conv1", "stage3.1.conv2", "pool", "fc",
      ])
    #expect(layers.map(\.width) == [64, 32, 16, 16, 16, 8, 8, 8, 1, 1])
    #expect(layers.map(\.taps) == [9, 16, 16, 9, 9, 16, 9, 9, 1, 1])
    #expect(layers.compactMap(\.addend) == [2, 5])
    // What the shipped model's README says: 213 million multiply-adds, 1.53 million parameters.
    #expect(layers.reduce(0) { $0 + $1.cost } == 213_792_064)
    #expect(try Parameters(layers).trainedScalars == 1_532_199)
  }

  @Test("layers of an mlp")
  func dense() throws {
    let layers = try Architecture("mlp:16,8").layers(channels: 1, height: 4, width: 5, classes: 3)
    #expect(layers.map(\.inputs) == [20, 16, 8])
    #expect(layers.map(\.outputs) == [16, 8, 3])
    #expect(layers.map(\.isRectified) == [true, true, false])
  }

  @Test(
    "that make no sense are refused",
    arguments: [
      "", "resnet", "vgg:16", "cnn:", "cnn:16,", "cnn:0", "cnn:x", "mlp:16/2", "mlp:16+1",
      "cnn:16+1",
      "resnet:16/2/2", "resnet:16+1+1", "resnet:16/0", "resnet:-3",
    ])
  func refused(_ text: String) {
    #expect(throws: TrainingError.self) { try Architecture(text) }
  }

  @Test("pictures that are too small are refused")
  func small() throws {
    let architecture = try Architecture("cnn:8/4,8/4,8/4")
    #expect(throws: TrainingError.self) {
      try architecture.layers(channels: 3, height: 16, width: 16, classes: 2)
    }
  }

  @Test("an adversary in a few words")
  func adversaries() throws {
    #expect(try Adversary("l2:1") == Adversary(norm: .l2, radius: 1))
    #expect(try Adversary("linf:0.03x7") == Adversary(norm: .linf, radius: 0.03, steps: 7))
    for text in ["", "l2", "l2:", "l2:0", "l3:1", "l2:1x0", "l2:1x2x3", "l2:nan"] {
      #expect(throws: TrainingError.self) { try Adversary(text) }
    }
  }
}

@Suite("The step size over a training")
struct ScheduleTests {
  @Test("grows, then falls to 0", arguments: [Decline.linear, .cosine])
  func schedule(_ decline: Decline) {
    var settings = TrainingSettings(threads: 1)
    (settings.learningRate, settings.decline) = (1, decline)
    let rates = (0..<100).map { settings.rate(step: $0, of: 100) }
    #expect(rates[0] == 0.1 && rates[9] == 1 && rates[10] == 1)
    #expect(zip(rates[10...], rates[11...]).allSatisfy { $0 > $1 })
    #expect(abs(rates[55] - 0.5) < 1e-6)
    #expect(rates[99] > 0 && rates[99] < 0.02)
  }

  @Test("the adversary's radius grows to the whole")
  func reach() {
    let settings = TrainingSettings(threads: 1)
    #expect(settings.reach(step: 5, of: 100) == 0.5)
    #expect(settings.reach(step: 11, of: 100) == 1 && settings.reach(step: 99, of: 100) == 1)
  }
}
