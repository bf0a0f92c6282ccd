import ArgumentParser
import Autodiff
import Blocks
import Foundation
import Networks
import Objectives
import Portraits
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
  var size: PictureSize?

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
    let unit = try NetworkUnit(unit, in: network, shapes: shapes)
    let objective = Objective(unit)
    let plan = try network.plan(
      inputShape: shape, readings: objective.readings, feed: .picture(network.preparation),
      threads: model.threadCount)
    let opened = ContinuousClock.now - start

    var random = SplitMix64(seed: 0)
    let picture = Tensor.uniform(shape, using: &random)
    let gradient = Tensor(plan.outputShapes[0], repeating: 1)
    let passes = try median {
      _ = try plan.forward(picture)
      _ = try plan.backward([gradient])
    }
    let step = try self.step(objective, network, shape)
    let roofline = Roofline(threads: model.threadCount)
    let stages = try profile(plan, picture)
    let result = Result(
      unit: unit.title, threads: model.threadCount, size: [size.height, size.width],
      openMilliseconds: opened.milliseconds, passesMilliseconds: passes.milliseconds,
      stepMilliseconds: step.whole.milliseconds,
      stepNetworkMilliseconds: step.network.milliseconds,
      arenaMegabytes: Double(plan.arenaBytes) / 1e6, peakGigaflops: roofline.operations / 1e9,
      kernels: stages.map(Result.Kernel.init))
    if json {
      let encoder = JSONEncoder()
      encoder.outputFormatting = [.sortedKeys]
      print(String(decoding: try encoder.encode(result), as: UTF8.self))
    } else {
      for line in result.lines + table(stages, roofline) { print(line) }
    }
  }

  /// The median time of something, after two turns to warm up.
  private func median(_ body: () throws -> Void) rethrows -> Duration {
    let clock = ContinuousClock()
    let times = try (0..<repeats + 2).map { _ in try clock.measure(body) }.dropFirst(2).sorted()
    return times[times.count / 2]
  }

  /// The median time of a whole step (picture, transforms, network, gradient, optimizer) and of the network's
  /// part in it.
  private func step(
    _ objective: Objective, _ network: Network, _ shape: Shape
  ) throws -> (whole: Duration, network: Duration) {
    var recipe = Recipe()
    // The first steps warm up, in both senses.
    let skipped = recipe.warmUp + 3
    recipe.steps = repeats + skipped
    let timed = TimedNetwork(
      PictureNetwork(network, preprocessing: network.preparation, threads: model.threadCount))
    var times: [(at: ContinuousClock.Instant, network: Duration)] = []
    _ = try recipe.ascent(of: objective, shape: shape).run(in: timed) { _ in
      times.append((.now, timed.spent))
    }
    let steps = zip(times.dropFirst(skipped), times.dropFirst(skipped - 1))
    func median(_ durations: [Duration]) -> Duration {
      durations.isEmpty ? .zero : durations.sorted()[durations.count / 2]
    }
    return (median(steps.map { $0.at - $1.at }), median(steps.map { $0.network - $1.network }))
  }

  /// The best of several times of every stage.
  private func profile(_ plan: Plan, _ picture: Tensor) throws -> [Plan.StageTime] {
    var best = try plan.profile(picture)
    for _ in 1..<min(repeats, 10) {
      for (i, stage) in try plan.profile(picture).enumerated() {
        best[i].seconds = min(best[i].seconds, stage.seconds)
      }
    }
    return best
  }

  private func table(_ stages: [Plan.StageTime], _ roofline: Roofline) -> [String] {
    let (operations, bandwidth) = (roofline.operations / 1e9, roofline.bandwidth / 1e9)
    return [
      "",
      "At best: \(operations.fixed(0)) GFLOP/s, \(bandwidth.fixed(0)) GB/s to memory. Rates of convolutions count what",
      "their definition takes; Winograd's method takes less and may pass 100 %.",
      "",
      "      ms  GFLOP/s    %   GB/s  kernel, in the order in which they run",
    ]
      + stages.map { stage in
        let rate = stage.gigaflops
        let speed = Double(stage.bytes) / max(stage.seconds, 1e-9) / 1e9
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
    let stepNetworkMilliseconds: Double
    let arenaMegabytes: Double
    let peakGigaflops: Double
    let kernels: [Kernel]

    struct Kernel: Encodable {
      let name, layer: String
      let milliseconds, gigaflops: Double

      init(_ stage: Plan.StageTime) {
        (name, layer, milliseconds) = (stage.name, stage.layer, stage.seconds * 1e3)
        gigaflops = stage.gigaflops
      }
    }

    var lines: [String] {
      [
        "\(unit), \(size[1])×\(size[0]), \(threads) thread\(threads == 1 ? "" : "s")",
        "  reading the file and planning  \(openMilliseconds.fixed(0)) ms",
        "  forward and gradient           \(passesMilliseconds.fixed(2)) ms",
        "  a whole step of the ascent     \(stepMilliseconds.fixed(2)) ms, "
          + "\((100 * stepNetworkMilliseconds / max(stepMilliseconds, 1e-9)).fixed(0)) % of it the network",
        "  activations and gradients      \(arenaMegabytes.fixed(0)) MB",
      ]
    }
  }
}

/// A network that adds up the time spent in it.
private final class TimedNetwork: VisualizableNetwork {
  private let network: PictureNetwork
  private(set) var spent = Duration.zero
  var threads: Int { network.threads }

  init(_ network: PictureNetwork) { self.network = network }

  func compile(
    readings: [Reading], inputShape: Shape, redirecting: Bool
  ) throws -> any DifferentiableModel {
    let model = try network.compile(
      readings: readings, inputShape: inputShape, redirecting: redirecting)
    return TimedModel(model) { self.spent += $0 }
  }

  private final class TimedModel: DifferentiableModel {
    private let model: any DifferentiableModel
    private let report: (Duration) -> Void
    private var start = ContinuousClock.now

    init(_ model: any DifferentiableModel, _ report: @escaping (Duration) -> Void) {
      self.model = model
      self.report = report
    }

    func activations(_ input: Variable) throws -> [Variable] {
      start = .now
      // Marks before and after the network, which the gradient passes in turn.
      let entry = Variable(input.value, operation: "network begins", inputs: [input]) { g in
        self.report(.now - self.start)
        return [g]
      }
      let results = try model.activations(entry)
      report(.now - start)
      return results.map { result in
        Variable(result.value, operation: "network ends", inputs: [result]) { g in
          self.start = .now
          return [g]
        }
      }
    }
  }
}

extension Duration {
  fileprivate var milliseconds: Double { self / .milliseconds(1) }
}

extension Plan.StageTime {
  /// What the definition takes, over the time, in 10⁹ operations a second.
  fileprivate var gigaflops: Double { 2 * Double(multiplyAdds) / max(seconds, 1e-9) / 1e9 }
}
