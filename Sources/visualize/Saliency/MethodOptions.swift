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
        + "allows. (default: smoothgrad)", valueName: "method"),
    completion: .list(["all"] + RegisteredMethod.all.map(\.name)), transform: Choice.init)
  var method: [Choice] = []

  @Option(
    help: ArgumentHelp(
      "The layer to look at, for \(RegisteredMethod.names(taking: .layer)). "
        + "(default: the last convolution's)"))
  var layer: String?

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
    if let smooth, !(1...100_000).contains(smooth) {
      throw ValidationError("--smooth must be 1 to 100000, not \(smooth).")
    }
    let said: [(option: RegisteredMethod.Option, isThere: Bool)] = [
      (.layer, layer != nil), (.seed, seed != nil && smooth == nil),
    ]
    for (option, isThere) in said where isThere {
      guard chosen.contains(where: { $0.options.contains(option) }) else {
        throw ValidationError(
          "--\(option.rawValue) is for --method \(RegisteredMethod.names(taking: option)) only.")
      }
    }
  }

  /// Whether every method was asked for, and one that a network cannot have is no failure.
  var isAll: Bool { method.contains { if case .all = $0 { true } else { false } } }

  private var chosen: [RegisteredMethod] {
    if method.isEmpty { return [.smoothGrad] }
    return method.flatMap { choice in
      switch choice {
      case .all: RegisteredMethod.all
      case .one(let method): [method]
      }
    }
  }

  /// The methods, each once, with what is said about them.
  func methods() throws -> [ConfiguredMethod] {
    var names = Set<String>()
    return try chosen.filter { names.insert($0.name).inserted }.map { method in
      try ConfiguredMethod(method, .init(layer: layer, seed: seed ?? 0), smoothing: smooth)
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
