import Tensors

/// A random command line: a command, files, and options with values that are right, odd, or none.
struct TrialArguments {
  private var random: SplitMix64
  /// What follows the program's name.
  private(set) var arguments: [String] = []

  init(_ random: SplitMix64) {
    self.random = random
    let command = pick(Self.commands)
    arguments = command.words
    for file in command.files { arguments.append(one(in: 2) ? file : pick(odd)) }
    if one(in: 3) { arguments += ["--steps", "2"] }
    for _ in 0..<Int.random(in: 0...4, using: &self.random) {
      add(pick(one(in: 12) ? pick(Self.commands).options : command.options))
    }
    if one(in: 20) { arguments.append(pick(Self.values)) }
  }

  private struct Command {
    let words: [String]
    let files: [String]
    let options: [String]
  }

  private static let model = [
    "--model", "--labels", "--preset", "--color", "--range", "--mean", "--std", "--threads",
    "--memory", "--size", "--unit", "--output", "--help", "--json",
  ]
  private static let settings = [
    "--steps", "--seed", "--scale", "--batch", "--learning-rate", "--optimizer", "--l1", "--l2",
    "--tv", "--blur", "--jitter", "--transforms", "--parameterization", "--init", "--warm-up",
    "--objective", "--frames", "--like", "--like-weight", "--batch-norm", "--direction", "--trust",
  ]
  private static let commands = [
    Command(words: ["--model", "net.onnx", "--unit", "cat"], files: [], options: model + settings),
    Command(words: ["picture", "--unit", "conv:1"], files: [], options: model + settings),
    Command(
      words: ["invert", "--layer", "conv"], files: ["cat.png"], options: model + settings),
    Command(
      words: ["caricature", "--layer", "conv"], files: ["cat.png"],
      options: model + settings + ["--power"]),
    Command(
      words: ["accentuate"], files: ["cat.png"], options: model + settings + ["--penalty"]),
    Command(
      words: ["dream", "--unit", "conv"], files: ["cat.png"],
      options: model + ["--octaves", "--ratio", "--step-size", "--jitter", "--side", "--seed"]),
    Command(
      words: ["grid", "--layer", "conv"], files: ["cat.png"],
      options: model + ["--groups", "--cell", "--stride", "--seed", "--fit"]),
    Command(
      words: ["saliency"], files: ["cat.png"],
      options: model + ["--method", "--layer", "--objective", "--seed"]),
    Command(
      words: ["inspect"], files: ["net.onnx"], options: model + ["--all", "--units", "--picture"]),
    Command(words: ["gallery"], files: ["plan.yaml"], options: model + ["--dry-run"]),
    Command(words: ["bench", "--repeats", "1"], files: ["net.onnx"], options: model),
    Command(words: ["verify"], files: ["case"], options: ["--tolerance", "--threads"]),
    Command(
      words: ["train", "--epochs", "2", "--output", "mine.onnx", "--data"], files: ["data"],
      options: [
        "--architecture", "--batch", "--learning-rate", "--size", "--adversary", "--grow",
        "--optimizer", "--shift", "--memory", "--threads",
      ]),
    Command(words: ["help"], files: ["picture"], options: model),
    Command(words: ["nope"], files: [], options: model),
  ]

  private static let files = [
    "net.onnx", "odd.onnx", "cat.png", "plan.yaml", "labels.txt", "changed-net.onnx",
    "changed-cat.png", "changed-plan.yaml", "changed-labels.txt", "data", "case",
  ]
  private var odd: [String] { Self.files + TrialFiles.none }

  private static let values =
    [
      "cat", "dog", "0", "1", "3", "-1", "-0", "1.5", "1e30", "nan", "inf", "9223372036854775807",
      "99999999999999999999", "", " ", "a\u{1B}[31m", "\u{202E}x", "e\u{301}\u{301}\u{301}", "'",
      "\"",
      "1,2", "1,2,3", "0,255", "8", "12x10", "1x0", "8192", "conv:1", "conv:1@2,2", "conv:99", "fc",
      "conv:", "cat - dog", "((((", "10 * diversity(conv)", "500MB", "1KB", "200MB", "adam", "sgd",
      "rgb", "imagenet", "none", "fourier", "pixel", "mlp:4", "cnn:4/2", "resnet:4,4/2+1", "l2:1",
      "linf:0.1x2", "smoothgrad", "gradient", "grad-cam", "out.png", "out", "/dev/full",
    ] + files + TrialFiles.none

  /// What options are there for; without any, for nothing.
  private static let usual: [String: [String]] = [
    "--model": ["net.onnx", "odd.onnx", "changed-net.onnx"], "--memory": ["500MB", "200MB"],
    "--labels": ["labels.txt", "changed-labels.txt"], "--preset": ["imagenet", "none"],
    "--color": ["rgb", "bgr"], "--range": ["0,255", "0,1"], "--mean": ["0", "1,2,3"],
    "--std": ["1", "1,2,3"], "--threads": ["1", "3"], "--size": ["8", "12x10", "30"],
    "--unit": ["cat", "3", "conv:1", "conv:1@2,2", "fc", "conv:"], "--output": ["out.png", "out"],
    "--steps": ["1", "3"], "--seed": ["0", "7"], "--scale": ["1", "3"], "--batch": ["1", "3"],
    "--learning-rate": ["0.05", "1e30"], "--optimizer": ["adam", "sgd", "nadam", "momentum"],
    "--l1": ["0.1"], "--l2": ["0.1"], "--tv": ["0.1"], "--blur": ["0.1"], "--jitter": ["2"],
    "--transforms": ["none", "robust"], "--parameterization": ["pixel", "fourier"],
    "--init": ["cat.png", "changed-cat.png"], "--warm-up": ["0", "1"], "--frames": ["frames"],
    "--objective": ["cat - dog", "conv:1 + 2 * cat", "10 * diversity(conv)"],
    "--method": ["smoothgrad", "gradient", "grad-cam", "occlusion"], "--layer": ["conv", "act0"],
    "--picture": ["cat.png", "changed-cat.png"], "--tolerance": ["1e-3"], "--json": [], "--all": [],
    "--units": [], "--help": [], "--dry-run": [], "--shift": ["1"], "--grow": ["6"],
    "--architecture": ["mlp:4", "cnn:4/2", "resnet:4,4/2+1"],
    "--adversary": ["l2:1", "linf:0.1x2"],
  ]

  private mutating func add(_ option: String) {
    let usual = Self.usual[option] ?? []
    if one(in: 30) {
      arguments.append(String(option.dropLast()))
    } else if one(in: 6) {
      arguments.append("\(option)=\(pick(Self.values))")
    } else {
      arguments.append(option)
      if one(in: 10) {
        arguments.append(pick(Self.values))
      } else if !usual.isEmpty, !one(in: 20) {
        arguments.append(pick(usual))
      }
    }
  }

  private mutating func pick<Element>(_ list: [Element]) -> Element {
    list[Int.random(in: list.indices, using: &random)]
  }

  private mutating func one(in count: Int) -> Bool {
    Int.random(in: 0..<count, using: &random) == 0
  }
}
