import Foundation
import Networks
import Portraits
import Tensors
import Visualization

/// What a network sees in a picture that is prepared in one way.
struct PresetTrial {
  /// The preset's name; `own` for what the file says.
  let name: String
  let preprocessing: Preprocessing
  /// All classes, the surest first; of a segmenter those of the largest parts of its map.
  let classes: [Classification]
  /// The mean probability of the top class over the picture and its mirror image; of a regression none, 0.
  let confidence: Float

  /// How far above the mean the top logit stands in a network that gets numbers far too large.
  ///
  /// Trained classifiers in their own range reach about 30.
  private static let saturation: Float = 50

  /// Whether the answer is one: numbers that are finite.
  private var isFinite: Bool { classes.allSatisfy(\.logit.isFinite) }

  /// Whether the answer says no more than that the numbers are too large for the network.
  var isSaturated: Bool {
    guard let top = classes.first else { return false }
    let mean = classes.reduce(0) { $0 + $1.logit } / Float(classes.count)
    return top.logit - mean >= Self.saturation
  }

  /// Tries every preset, and first what the file says.
  ///
  /// - Parameters:
  ///   - network: The network.
  ///   - input: 1×C×H×W in 0…1.
  ///   - threads: How many threads share the work.
  /// - Returns: A trial each; presets that come to the same as what the file says, or as one before, are left out.
  /// - Throws: `UnitError.noLogits`, `.embedding` or `.points` where the network has no classes; `NetworkError`.
  static func all(of network: Network, at input: Tensor, threads: Int) throws -> [PresetTrial] {
    let shapes = try network.shapes(inputShape: input.shape)
    if network.classScores(in: shapes) == nil {
      try network.requireClasses("the top class", in: shapes)
    }
    var all = network.preprocessing.map { [("own", $0)] } ?? []
    for preset in Preset.allCases
    where !all.contains(where: {
      preset.preprocessing.isSame(as: $0.1, channels: input.shape[1])
    }) {
      all.append((preset.rawValue, preset.preprocessing))
    }
    let mirrored = input.gathered((0..<input.shape[3]).reversed(), alongAxis: 3)
    return try all.map { name, preprocessing in
      let classes = try [input, mirrored].map {
        try network.classes(
          of: $0, shapes: shapes, feed: .picture(preprocessing), threads: threads
        ).sorted { $0.share ?? 0 > $1.share ?? 0 }
      }
      let top = classes[0].first
      let again = classes[1].first { $0.index == top?.index }
      return PresetTrial(
        name: name, preprocessing: preprocessing, classes: classes[0],
        confidence: ((top?.probability ?? 0) + (again?.probability ?? 0)) / 2)
    }
  }

  /// The trial that the network is surest of and that is not saturated.
  static func likely(_ trials: [PresetTrial]) -> PresetTrial? {
    trials.filter { $0.isFinite && !$0.isOfMap && !$0.isSaturated && $0.confidence > 0 }
      .max { $0.confidence < $1.confidence }
  }

  /// Every trial with its five surest classes, and what follows, for 80 columns.
  static func lines(_ trials: [PresetTrial], labels: [String]) -> [String] {
    var lines: [String] = []
    for trial in trials {
      let what =
        "\(trial.name): \(trial.preprocessing.inWords)"
        + trial.judgement
      lines += [what.wrapped(at: 79, indent: "  ")]
      lines += Classification.lines(trial.classes.prefix(5), labels: labels).map { "  \($0)" }
      lines.append("")
    }
    lines.append(verdict(trials).wrapped(at: 79))
    return lines
  }

  /// What is to be said of the answer, behind the preset's words.
  private var judgement: String {
    if !isFinite || isOfMap || classes.first?.probability == nil { return "" }
    if isSaturated { return "; saturated: these numbers are too large for it" }
    return "; \(percent) sure of the first, on average with the picture's mirror image"
  }

  /// The confidence as it is shown.
  private var percent: String { "\(Double(confidence * 100).fixed(1)) %" }

  /// Whether what the network yields is a map, whose surest place says nothing of presets.
  private var isOfMap: Bool { classes.first?.share != nil }

  private static func verdict(_ trials: [PresetTrial]) -> String {
    if !trials.contains(where: \.isFinite) {
      return
        "The network yields no numbers with any of them; --unit N names the layer where they end."
    }
    if trials.allSatisfy({ $0.classes.first?.probability == nil }) {
      return
        "The network ends in numbers of which nothing makes probabilities: they do not tell presets apart."
    }
    if trials.contains(where: \.isOfMap) {
      return "Compare what they find in the picture: how sure a map is does not tell presets apart."
    }
    guard let likely = likely(trials) else {
      return "No preset gives a plausible answer; say --range, --mean and --std."
    }
    let surest = "The network is surest with \(likely.name): \(likely.percent)."
    return trials.contains { $0.name == "own" }
      ? "\(surest) Its file says what it needs (own); that counts for more."
      : "\(surest) One picture is a hint and no proof: try several of things that it knows."
  }
}
