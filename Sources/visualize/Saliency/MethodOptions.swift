import ArgumentParser
import Attribution
import Explanations

/// How photographs are explained.
struct MethodOptions: ParsableArguments {
  /// A method, or all that there are.
  enum Choice {
    case all
    case one(RegisteredMethod)

    init(_ name: String) throws {
      self = name == "all" ? .all : .one(try RegisteredMethod.named(name))
    }
  }

  @Option(
    help: ArgumentHelp(
      "How to explain it, see above; may be said several times; all: by every method that the network "
        + "allows. (default: for classes of a vision transformer attn-lrp, of a detector layer-cam, for others "
        + "grad-cam; for what is no class, for a segmenter's, and where the network has no map, smoothgrad)",
      valueName: "method"),
    completion: .list(["all"] + RegisteredMethod.all.map(\.name)), transform: Choice.init)
  var method: [Choice] = []

  @Option(
    help: ArgumentHelp(
      "The layer to look at, several times for maps of several layers in one; for "
        + "\(RegisteredMethod.names(taking: .layer)). (default: the last with rows and columns, for "
        + "internal-influence the last whose places are not all alike to what follows; of a detector those that go into "
        + "its head)",
      valueName: "layer"))
  var layer: [String] = []

  @Option(
    help: ArgumentHelp(
      "How many pictures are drawn, or masks, for \(RegisteredMethod.names(taking: .samples)).",
      valueName: "count"))
  var samples: Int?

  @Option(
    help: ArgumentHelp(
      "How many points an integral has, for \(RegisteredMethod.names(taking: .steps)).",
      valueName: "count"))
  var steps: Int?

  @Option(
    help: ArgumentHelp(
      "What stands for \"nothing there\": \(Baseline.names); for "
        + "\(RegisteredMethod.names(taking: .baseline)).",
      valueName: "name"), transform: Baseline.init(named:))
  var baseline: Baseline?

  @Option(
    help: ArgumentHelp(
      "How the picture is cut up: grid:7x7, superpixels:50 or felzenszwalb:100; for "
        + "\(RegisteredMethod.names(taking: .parts)).",
      valueName: "name"), transform: Parts.init(named:))
  var parts: Parts?

  @Option(
    help: ArgumentHelp(
      "The neuron that is looked through: layer3:17@4,5; for "
        + "\(RegisteredMethod.names(taking: .neuron)).",
      valueName: "unit"))
  var neuron: String?

  @Option(
    help: ArgumentHelp(
      "The side of the squares that are covered, in pixels; for "
        + "\(RegisteredMethod.names(taking: .window)). (default: an eighth of the network's picture)",
      valueName: "pixels"))
  var window: Int?

  @Option(
    help: ArgumentHelp(
      "Pixels from one such square to the next. (default: half a square)", valueName: "pixels"))
  var stride: Int?

  @Option(
    help: ArgumentHelp(
      "What all that is random follows from, for \(RegisteredMethod.names(taking: .seed)). "
        + "(default: 0)"))
  var seed: UInt64?

  @Option(
    help: ArgumentHelp(
      "Average any method over so many noisy copies of the photograph (SmoothGrad).",
      valueName: "count"))
  var smooth: Int?

  func validate() throws {
    for (name, count) in [
      ("smooth", smooth), ("samples", samples), ("steps", steps), ("window", window),
      ("stride", stride),
    ] {
      if let count, !(1...1_000_000).contains(count) {
        throw ValidationError("--\(name) must be 1 to 1000000, not \(count).")
      }
    }
  }

  /// Refuses a method by its name without what it cannot do without.
  func checkNeuron() throws {
    let needy = method.lazy.compactMap { choice in
      if case .one(let method) = choice, method.options.contains(.neuron) { method } else { nil }
    }
    if neuron == nil, let name = needy.first?.name {
      throw ValidationError("--method \(name) needs --neuron, such as layer3:17@4,5.")
    }
  }

  /// Refuses what is said about no method that is asked for.
  ///
  /// - Throws: `ValidationError` with the methods that it is for.
  func checkUse() throws {
    for option in said {
      guard chosen.contains(where: { $0.options.contains(option) }) else {
        throw ValidationError(
          "--\(option.rawValue) is for --method \(RegisteredMethod.names(taking: option)) only.")
      }
    }
  }

  /// What is said about methods and not about all of them.
  private var said: [RegisteredMethod.Option] {
    RegisteredMethod.Option.allCases.filter { option in
      switch option {
      case .layer: !layer.isEmpty
      case .neuron: neuron != nil
      case .seed: seed != nil && smooth == nil
      case .samples: samples != nil
      case .steps: steps != nil
      case .baseline: baseline != nil
      case .parts: parts != nil
      case .window: window != nil
      case .stride: stride != nil
      }
    }
  }

  /// What is said of methods, by the options' names; not of which layers.
  var saidOfMaps: [String] { saidAtAll.filter { $0 != "--layer" } }

  /// What is said of methods, by the options' names.
  var saidAtAll: [String] {
    (method.isEmpty ? [] : ["--method"]) + (smooth == nil ? [] : ["--smooth"])
      + (seed == nil ? [] : ["--seed"]) + said.filter { $0 != .seed }.map { "--\($0.rawValue)" }
  }

  /// The same with a method where none was named.
  func settled(on usual: () throws -> RegisteredMethod) rethrows -> MethodOptions {
    guard method.isEmpty else { return self }
    var settled = self
    settled.method = [.one(try usual())]
    return settled
  }

  /// Whether every method was asked for, and one that a network cannot have is no failure.
  var isAll: Bool { method.contains { if case .all = $0 { true } else { false } } }

  /// Whether there is one method.
  var isOne: Bool { Set(chosen.map(\.name)).count == 1 }

  private var chosen: [RegisteredMethod] {
    if method.isEmpty { return [.gradCAM] }
    return method.flatMap { choice in
      switch choice {
      // What looks through one neuron is a question of its own.
      case .all: RegisteredMethod.all.filter { neuron != nil || !$0.options.contains(.neuron) }
      case .one(let method): [method]
      }
    }
  }

  /// The methods, each once, with what is said about them.
  ///
  /// - Returns: The methods, in the order in which they were named.
  /// - Throws: What a method throws that cannot have a setting.
  func methods() throws -> [ConfiguredMethod] {
    var names = Set<String>()
    return try chosen.filter { names.insert($0.name).inserted }.map { method in
      let settings = RegisteredMethod.Settings(
        layers: layer, seed: seed, samples: samples, steps: steps, baseline: baseline, parts: parts,
        neuron: neuron, window: window, stride: stride)
      return try ConfiguredMethod(method, settings, smoothing: smooth)
    }
  }

  /// The seed, where anything is random.
  var usedSeed: UInt64? {
    smooth != nil || chosen.contains { $0.options.contains(.seed) } ? seed ?? 0 : nil
  }

  /// What stands for the methods in a file's name.
  var fileName: String {
    if isAll { return "all" }
    let names = chosen.map(\.name).uniqued
    return names.count <= 3 ? names.joined(separator: "-") : "\(names.count)-methods"
  }
}

extension RegisteredMethod {
  /// The methods that let something be said, with commas between them.
  static func names(taking option: Option) -> String {
    all.filter { $0.options.contains(option) }.map(\.name).joined(separator: ", ")
  }
}
