import ArgumentParser
import Foundation
import Networks
import Tensors
import Visualization

/// How fast a network runs here, and where its time goes.
struct BenchCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "bench",
    abstract: "Measure how fast a network runs here, layer by layer.",
    usage: "visualize bench <model> [--unit <unit>] [<options>]",
    discussion: """
        visualize bench googlenet.onnx
        visualize bench googlenet.onnx --unit mixed4a:10 --json

      Forward pass and gradient with respect to the picture, and whole steps of the ascent, each the \
      median of several; then what each kernel takes, the best of several, and how near that is to \
      what the processor can do. Nothing else should run meanwhile.
      """)

  @Argument(help: "An ONNX file.", completion: .file(extensions: ["onnx"]))
  var file: String

  @Option(name: [.short, .long], help: "What the gradient is of. (default: logit 0)")
  var unit: String = "0"

  @Option(
    name: [.short, .long], help: "The picture's size: 224 or 320x240. (default: the network's)")
  var size: SizeArgument?

  @Option(help: "How many times each thing is done.")
  var repeats = 20

  @Flag(help: "Print one JSON object and no table.")
  var json = false

  @OptionGroup(title: "Model") var model: ModelOptions

  func validate() throws {
    guard (1...10_000).contains(repeats) else {
      throw ValidationError("--repeats must be 1 to 10000, not \(repeats).")
    }
  }

  func run() throws {
    let start = ContinuousClock.now
    let network = try model.network(at: file)
    let size = try network.pictureSize(size)
    let shape = network.inputShape(size: size)
    let shapes = try network.shapes(inputShape: shape)
    let unit = try Unit(unit, in: network, shapes: shapes)
    let objective = Recipe.objective(for: unit, logits: network.logits(in: shapes)?.value)
    let plan = try network.plan(
      inputShape: shape, readings: objective.readings, feed: .picture(network.preparation),
      threads: model.threadCount)
    let opened = ContinuousClock.now - start

    var random = SplitMix64(seed: 0)
    let picture = Tensor.uniform(shape, using: &random)
    let gradient = Tensor(plan.outputShapes[0], repeating: 1)
    let passes = median {
      _ = plan.forward(picture)
      _ = plan.backward([gradient])
    }
    let step = try self.step(objective, network, shape)
    let result = Result(
      unit: unit.title, threads: model.threadCount, size: [size.height, size.width],
      openMilliseconds: opened.milliseconds, passesMilliseconds: passes.milliseconds,
      stepMilliseconds: step.milliseconds, arenaMegabytes: Double(plan.arenaBytes) / 1e6)
    if json {
      let encoder = JSONEncoder()
      encoder.outputFormatting = [.sortedKeys]
      print(String(decoding: try encoder.encode(result), as: UTF8.self))
    } else {
      for line in result.lines + profile(plan, picture) { print(line) }
    }
  }

  /// The median time of something, after two turns to warm up.
  private func median(_ body: () -> Void) -> Duration {
    let clock = ContinuousClock()
    let times = (0..<repeats + 2).map { _ in clock.measure(body) }.dropFirst(2).sorted()
    return times[times.count / 2]
  }

  /// The median time of a whole step: picture, transforms, network, gradient, optimizer.
  private func step(_ objective: Objective, _ network: Network, _ shape: Shape) throws -> Duration {
    var recipe = Recipe()
    // The first steps warm up, in both senses.
    let skipped = Recipe.warmUp + 3
    recipe.steps = repeats + skipped
    var times: [ContinuousClock.Instant] = []
    _ = try recipe.render(
      objective,
      in: PictureNetwork(
        network, preprocessing: network.preparation, threads: model.threadCount), shape: shape
    ) { _ in times.append(.now) }
    let steps = zip(times.dropFirst(skipped), times.dropFirst(skipped - 1)).map { $0 - $1 }.sorted()
    return steps.isEmpty ? .zero : steps[steps.count / 2]
  }

  /// The best of several times of every stage, against what the processor can do.
  private func profile(_ plan: Plan, _ picture: Tensor) -> [String] {
    let roofline = Roofline(threads: model.threadCount)
    var best = plan.profile(picture)
    for _ in 1..<min(repeats, 10) {
      for (i, stage) in plan.profile(picture).enumerated() {
        best[i].seconds = min(best[i].seconds, stage.seconds)
      }
    }
    let (operations, bandwidth) = (roofline.operations / 1e9, roofline.bandwidth / 1e9)
    return [
      "",
      "At best: \(operations.fixed(0)) GFLOP/s, \(bandwidth.fixed(0)) GB/s to memory. Rates of convolutions count what",
      "their definition takes; Winograd's method takes less and may pass 100 %.",
      "",
      "      ms  GFLOP/s    %   GB/s  kernel, in the order in which they run",
    ]
      + best.map { stage in
        let rate = 2 * Double(stage.multiplyAdds) / stage.seconds / 1e9
        let speed = Double(stage.bytes) / stage.seconds / 1e9
        let columns = [
          (stage.seconds * 1e3).fixed(3).paddedOnLeft(to: 8),
          (rate == 0 ? "" : rate.fixed(0)).paddedOnLeft(to: 9),
          (rate == 0 ? "" : (100 * rate / operations).fixed(0)).paddedOnLeft(to: 5),
          (speed == 0 ? "" : speed.fixed(0)).paddedOnLeft(to: 7), "  ", stage.name,
          stage.layer.isEmpty ? "" : "   \(stage.layer)",
        ]
        return columns.joined()
      }
  }

  private struct Result: Encodable {
    let unit: String
    let threads: Int
    let size: [Int]
    let openMilliseconds: Double
    let passesMilliseconds: Double
    let stepMilliseconds: Double
    let arenaMegabytes: Double

    var lines: [String] {
      [
        "\(unit), \(size[1])×\(size[0]), \(threads) thread\(threads == 1 ? "" : "s")",
        "  reading the file and planning  \(openMilliseconds.fixed(0)) ms",
        "  forward and gradient           \(passesMilliseconds.fixed(2)) ms",
        "  a whole step of the ascent     \(stepMilliseconds.fixed(2)) ms",
        "  activations and gradients      \(arenaMegabytes.fixed(0)) MB",
      ]
    }
  }
}

extension Duration {
  fileprivate var milliseconds: Double { self / .milliseconds(1) }
}
