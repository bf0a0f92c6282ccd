import Files
import Networks
import Portraits
import Tensors
import Visualization

/// What `inspect` prints, line by line, for 80 columns.
struct Inspection {
  let network: Network
  let summary: Network.Summary

  // MARK: Facts

  /// The file's name, and a line or more for each thing to know.
  func facts() -> [String] {
    var facts: [(String, String)] = []
    if !network.producer.isEmpty { facts.append(("made by", network.producer)) }
    if let source = network.metadata["source"] { facts.append(("source", source)) }
    let rest: [(String, String?)] = [
      ("operator set", String(network.opset)),
      ("SHA-256", network.sha256),
      ("input", input),
      ("also takes", otherInputs),
      ("pictures", pictures),
      ("tokens", tokens),
      ("unsupported", network.unsupportedInWords),
      ("ends in", ending),
      ("results", results),
      ("parameters", summary.parameters.abbreviated),
      ("cost", cost),
      ("operators", summary.operators.map { "\($0.type) \($0.count)" }.joined(separator: ", ")),
    ]
    facts += rest.compactMap { name, text in text.map { (name, $0) } }
    if let misfit = summary.misfit { facts.append(("cannot run", "\(misfit)")) }
    return [network.name.withVisibleControls]
      + facts.map { name, text in
        let text = text.withVisibleControls
        let indent = String(repeating: " ", count: 15)
        return "  " + name.padded(to: 13) + text.wrapped(at: 79, indent: indent, first: 15)
      }
  }

  private var input: String {
    let dimensions = network.input.dimensions
    let names = dimensions.count == 4 ? ["batch", "channels", "height", "width"] : []
    let name = network.graph.inputs.count + network.given.count > 1 ? "\(network.input.name), " : ""
    let declared =
      name
      + dimensions.enumerated().map { axis, extent in
        extent.map(String.init) ?? (axis < names.count ? names[axis] : "any")
      }.joined(separator: "×")
    let shown = "\(summary.inputShape)"
    let turned =
      network.isChannelsLast
      ? " (in the file, the channels come last)"
      : network.form.inWords.map { " (in the file, \($0))" } ?? ""
    return declared == name + shown
      ? declared + turned : "\(declared)\(turned); what follows is for \(shown)"
  }

  /// The inputs beside the picture, and what each is.
  private var otherInputs: String? {
    let missing = network.otherInputs.map { "\($0.name) (\($0.inWords)), not said: see --feed" }
    let given = network.given.sorted { $0.key < $1.key }.map { "\($0.key) = \($0.value)" }
    let all = given + missing
    return all.isEmpty ? nil : all.joined(separator: "; ")
  }

  private var pictures: String {
    if let none = network.takesNoPictures { return none }
    guard network.preprocessing == nil else {
      return network.preparationInWords + (network.colorGuess.map { "; \($0) (see --color)" } ?? "")
    }
    return "not said; \(network.preparationInWords) would be assumed (see --preset)"
  }

  private var ending: String {
    guard let logits = summary.logits else { return summary.scores?.inWords ?? otherEnding }
    // Where there are several results, which one, unless it is the first.
    let place = summary.outputs.firstIndex(where: \.areLogits) ?? 0
    let words = logits.inWords + (place > 0 ? " ('\(summary.outputs[place].name)')" : "")
    if let guess = logits.guess { return "\(words); \(guess).\(Advice.on(logits.remedy))" }
    if logits.isEmbedding {
      return "\(words); --unit 0 is one number, --toward PICTURE the likeness to a picture"
    }
    guard logits.haveClasses else { return words }
    let labels = network.labels
    guard !labels.isEmpty else { return logits.kind == .classes ? "\(words); no labels" : words }
    let some = labels.prefix(5).map { $0.split(separator: ",").first.map(String.init) ?? $0 }
    let count = labels.count == logits.count ? "" : " (\(labels.count) labels)"
    return "\(words)\(count): \(some.joined(separator: ", ")), …; --units lists them"
  }

  private var otherEnding: String {
    if summary.misfit != nil { return "not known at this size" }
    let isReached = summary.outputs.contains { $0.shape != nil }
    return isReached || network.unsupported.isEmpty
      ? "no classes" : "not known: nodes before it cannot be run here"
  }

  private var cost: String {
    "\(summary.multiplyAdds.abbreviated) multiply-adds a picture"
      + (network.unsupported.isEmpty ? "" : " in what can be run")
  }

  /// Several results, and how each is asked for.
  private var results: String? {
    guard summary.outputs.count > 1 else { return nil }
    let shown = summary.outputs.prefix(12).map(\.inWords).joined(separator: "; ")
    return shown + (summary.outputs.count > 12 ? "; … \(summary.outputs.count - 12) more" : "")
  }

  // MARK: Layers

  /// A table of the layers; of a large network, those that stand outermost.
  func layers(all: Bool) -> [String] {
    let every = summary.distinctLayers
    let shown = all ? every : summary.outermost(every, fitting: 48)
    let width = min(28, max(5, shown.map(\.layer.name.count).max() ?? 5))
    func row(_ cells: [String]) -> String {
      // A name has to be there whole: it is what `--unit` takes.
      let name = cells[0].count > width ? cells[0] + "\n" : cells[0]
      let line =
        name + String(repeating: " ", count: name == cells[0] ? width - name.count : width) + "  "
        + cells[1].padded(to: 12) + "  "
      if cells[3].isEmpty, cells[4].isEmpty { return line + cells[2] }
      return line + cells[2].padded(to: 17) + cells[3].paddedOnLeft(to: 8)
        + (cells[4].isEmpty ? "" : cells[4].paddedOnLeft(to: 10))
    }
    var lines = [row(["layer", "operator", "output", "params", "mult-adds"])]
    for layer in shown {
      lines.append(
        row([
          layer.layer.name, layer.isBlock ? "(block)" : layer.layer.type,
          layer.layout?.short ?? layer.shape.map { output($0, layer) } ?? layer.unshaped.inWords,
          layer.parameters == 0 ? "" : layer.parameters.abbreviated,
          layer.multiplyAdds == 0 ? "" : layer.multiplyAdds.abbreviated,
        ]))
    }
    if shown.count < every.count {
      lines.append("and \(every.count - shown.count) layers within these: --all lists them")
    }
    return lines
  }

  /// How most of the layers with tokens are laid out, in words; nothing where there are none.
  private var tokens: String? {
    let layouts = summary.layers.compactMap(\.layout).filter { $0.isTokens && $0.grid != nil }
    let counts = Dictionary(grouping: layouts, by: \.inWords).mapValues(\.count)
    return counts.max { ($0.value, $1.key) < ($1.value, $0.key) }?.key
  }

  /// The shape of one picture's; a list that has no axis for the batch is all its own.
  private func output(_ shape: Shape, _ layer: Network.LayerSummary) -> String {
    guard shape.rank > 1 else { return layer.layout.map { "\($0.channels)" } ?? "scalar" }
    return "\(Shape(Array(shape.dimensions.dropFirst())))"
  }

  // MARK: Units

  /// Every number that the network ends in: which it is, its label.
  ///
  /// - Throws: `UnitError.noLogits`; `NetworkError` where that is because the picture's size does not fit.
  func units() throws -> [String] {
    guard let count = summary.logits?.count ?? summary.scores?.count else {
      if let misfit = summary.misfit { throw misfit }
      throw UnitError.noLogits("--units")
    }
    return (0..<count).map { index in
      let label = index < network.labels.count ? network.labels[index] : ""
      return label.isEmpty ? "\(index)" : "\(index)\t\(label)"
    }
  }
}

extension Network.Unshaped? {
  /// What stands where a layer's shape would.
  fileprivate var inWords: String {
    switch self {
    case .list(let count)?: "a list of \(count)"
    case .constant(let shape)?: "\(shape), constant"
    case .dependsOnPicture?: "by the picture"
    case .skipped?: "is not run"
    case .unknown?, nil: "cannot be run"
    }
  }
}

extension Network.Output {
  /// `gender 1×2, a softmax: --unit gender:0`.
  var inWords: String {
    let ending =
      switch link {
      case .none, .own: ""
      case .softmax, .sigmoid: ", a \(link)"
      case .other: ", what a softmax is made into"
      case .embedding: ", an embedding"
      }
    let unit = firstUnit.map { ": \($0.asUnitOption)" } ?? ""
    return "\(name) \(shape.map { "\($0)" } ?? "(\(unshaped.inWords))")\(ending)\(unit)"
  }
}

extension LayerLayout {
  /// Channels first, and what comes before the grid's tokens: `384×14×14+class`; `nil` where there is
  /// no grid to show.
  fileprivate var short: String? {
    guard let grid, grid.isPlane else { return nil }
    return "\(channels)×\(grid.height)×\(grid.width)" + (hasClassToken ? "+class" : "")
      + (furtherTokens > 0 ? "+\(furtherTokens)" : "")
  }
}
