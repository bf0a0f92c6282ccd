import ArgumentParser
import Blocks
import Explanations
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
        visualize bench googlenet.onnx --parameterization pyramid
        visualize bench googlenet.onnx --method smoothgrad --method grad-cam

      Forward pass and gradient with respect to the picture, and whole steps of the ascent, each the \
      median of several, the shortest and the longest beside it; then what each kernel takes, the best \
      of several, and how near that is to what the processor can do. With --method, how long methods of \
      saliency take instead, once the network is read: the first call, which plans, and the next ones, up \
      to some eight seconds of each. Nothing else should run meanwhile; what does is said.
      """)

  @Argument(help: "An ONNX file.", completion: .file(extensions: ["onnx"]))
  var file: String

  @Option(name: [.short, .long], help: "What the gradient is of; a number is a logit.")
  var unit: String = "logit 0"

  @Option(
    name: [.short, .long], help: "The picture's size: 224 or 320x240. (default: the network's)")
  var size: PictureSize?

  @Option(
    help: ArgumentHelp(
      "How the picture of a step is written as parameters, with what suits that. (default: \(Recipe().parameterization))",
      valueName: "name"),
    completion: .list(NamedParameterization.all.map(\.name)))
  var parameterization: String?

  @Option(help: "How many times each thing is done.")
  var repeats = 20

  @Flag(help: "Print one JSON object and no table.")
  var json = false

  @OptionGroup(title: "How long explanations take") var methods: MethodOptions

  @OptionGroup(title: "Model") var model: ModelOptions

  func validate() throws {
    _ = try methods.methods()
    try methods.checkNeuron()
    if methods.method.isEmpty {
      if let option = methods.saidAtAll.first {
        throw ValidationError("\(option) goes with --method: name what is to be timed.")
      }
    } else {
      try methods.checkUse()
      guard parameterization == nil else {
        throw ValidationError(
          "--parameterization is for pictures' steps, and --method times explanations in their place."
        )
      }
    }
    guard (1...10_000).contains(repeats) else {
      throw ValidationError("--repeats must be 1 to 10000, not \(repeats).")
    }
    guard let parameterization else { return }
    do {
      _ = try Settings.parameterization.normalized(parameterization)
    } catch {
      let problem = error.problem
      throw ValidationError("--parameterization \(problem)\(problem.hasSuffix("?") ? "" : ".")")
    }
  }

  func run() throws {
    let start = ContinuousClock.now
    let network = try model.network(at: file)
    let size = network.pictureSize(size)
    let shape = network.inputShape(size: size)
    let shapes = try network.shapes(inputShape: shape)
    let unit = try UnitSelection(network: network, shapes: shapes).unit(unit, of: "--unit")
    let objective = Objective(unit)
    let threads = cappedThreads
    if !methods.method.isEmpty {
      return try timeMethods(
        of: unit, in: network, shape, threads: threads, opened: ContinuousClock.now - start)
    }
    let plan = try network.plan(
      inputShape: shape, readings: objective.readings, feed: .picture(network.preparation),
      threads: threads)
    let opened = ContinuousClock.now - start

    let others = OtherPrograms()
    let passes = try passes(plan)
    let forward = try forward(objective, network, shape, threads: threads)
    let step = try step(objective, network, shape, threads: threads)
    let roofline = Roofline(threads: threads)
    let stages = try profile(plan)
    let result = BenchResult(
      unit: unit.title, threads: threads, size: [size.height, size.width],
      openMilliseconds: opened.milliseconds, forward: forward, passes: passes, step: step.whole,
      stepNetworkMilliseconds: step.network.median,
      arenaMegabytes: Double(plan.arenaBytes) / 1e6, peakGigaflops: roofline.operations / 1e9,
      otherCores: others.cores, kernels: stages.map(BenchResult.Kernel.init))
    if json {
      let encoder = JSONEncoder()
      encoder.outputFormatting = [.sortedKeys]
      print(String(decoding: try encoder.encode(result), as: UTF8.self))
    } else {
      for line in result.lines + BenchTable(stages, roofline).lines { print(line) }
    }
    if let words = others.warning { Terminal.note(words) }
  }

  /// What `--method` asks for.
  private func timeMethods(
    of unit: NetworkUnit, in network: Network, _ shape: Shape, threads: Int, opened: Duration
  ) throws {
    let others = OtherPrograms()
    let times = MethodTimes(
      objective: Objective(unit), network: network, threads: threads, repeats: repeats)
    var random = SplitMix64(seed: 0)
    var entries: [MethodTimes.Entry] = []
    for method in try methods.methods() {
      Terminal.note("\(method.title) …")
      entries.append(try times.entry(method) { _ in Tensor.uniform(shape, using: &random) })
    }
    if json {
      let encoder = JSONEncoder()
      encoder.outputFormatting = [.sortedKeys]
      print(String(decoding: try encoder.encode(entries), as: UTF8.self))
    } else {
      print("\(unit.title), \(shape[3])×\(shape[2]), \(threads) thread\(threads == 1 ? "" : "s")")
      print("  reading the file               \(opened.milliseconds.fixed(0)) ms")
      for entry in entries { print(entry.line) }
    }
    if let words = others.warning { Terminal.note(words) }
  }

  /// As many threads as asked for, and no more than there are cores.
  private var cappedThreads: Int {
    guard let threads = model.machine.threads, threads > processorCount else {
      return model.threadCount
    }
    Terminal.note(
      "\(threads) threads are asked for, and there are \(processorCount) cores: \(processorCount) threads run."
    )
    return processorCount
  }

  /// What forward pass and gradient take.
  private func passes(_ plan: Plan) throws -> Spread {
    let picture = picture(of: plan)
    let gradients = plan.outputShapes.map { Tensor($0, repeating: 1) }
    return try spread {
      _ = try plan.forward(picture)
      _ = try plan.backward(gradients)
    }
  }

  /// What the forward pass takes by itself.
  private func forward(
    _ objective: Objective, _ network: Network, _ shape: Shape, threads: Int
  ) throws -> Spread {
    let plan = try network.plan(
      inputShape: shape, readings: objective.readings, feed: .picture(network.preparation),
      differentiable: false, threads: threads)
    let picture = picture(of: plan)
    return try spread { _ = try plan.forward(picture) }
  }

  /// What some work takes, after two turns to warm up.
  private func spread(_ work: () throws -> Void) rethrows -> Spread {
    let times = try (0..<repeats + 2).map { _ in try ContinuousClock().measure(work) }
    return Spread(times.dropFirst(2))
  }

  private func picture(of plan: Plan) -> Tensor {
    var random = SplitMix64(seed: 0)
    return Tensor.uniform(plan.inputShape, using: &random)
  }

  /// What a whole step takes (picture, transforms, network, gradient, optimizer), and the network's part in it.
  private func step(
    _ objective: Objective, _ network: Network, _ shape: Shape, threads: Int
  ) throws -> (whole: Spread, network: Spread) {
    var recipe = Recipe()
    try recipe.take([Settings.parameterization.key: parameterization ?? recipe.parameterization])
    // The first steps warm up, in both senses.
    let skipped = recipe.warmUp + 3
    recipe.steps = repeats + skipped
    let timed = TimedNetwork(
      PictureNetwork(network, preprocessing: network.preparation, threads: threads))
    var times: [(at: ContinuousClock.Instant, network: Duration)] = []
    _ = try recipe.ascent(of: objective, shape: shape).run(in: timed) { _ in
      times.append((.now, timed.spent))
    }
    let steps = zip(times.dropFirst(skipped), times.dropFirst(skipped - 1))
    return (
      Spread(steps.map { $0.at - $1.at }), Spread(steps.map { $0.network - $1.network })
    )
  }

  /// The best of several times of every stage.
  private func profile(_ plan: Plan) throws -> [Plan.StageTime] {
    let picture = picture(of: plan)
    var best = try plan.profile(picture)
    for _ in 1..<min(repeats, 10) {
      for (i, stage) in try plan.profile(picture).enumerated() {
        best[i].seconds = min(best[i].seconds, stage.seconds)
      }
    }
    return best
  }
}
