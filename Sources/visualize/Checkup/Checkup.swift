import Files
import Imaging
import Networks
import Objectives
import Portraits
import Tensors
import Visualization

/// What `doctor` finds out about a network.
struct Checkup {
  let network: Network
  let size: PictureSize
  let threads: Int
  /// The model as a person wrote it; nil: the one that ships.
  let file: String?
  /// Whether the network's results can be computed.
  private(set) var runs = false
  private var facts: [(name: String, text: String)] = []
  /// The network's results.
  private var outputs: [Network.Output] = []

  init(network: Network, size: PictureSize, threads: Int, file: String?) {
    (self.network, self.size, self.threads, self.file) = (network, size, threads, file)
  }

  /// Looks at everything.
  ///
  /// - Parameters:
  ///   - photograph: A picture that the network should know something about.
  ///   - progress: Called with what is done, 0…3, and what comes next.
  /// - Throws: What keeps the network from being looked at at all.
  mutating func run(_ photograph: Picture?, progress: (Int, String) -> Void) throws {
    let shape = network.inputShape(size: size)
    let shapes = try network.shapes(inputShape: shape)
    let logits = network.logits(in: shapes)
    let scores = network.classScores(in: shapes)
    outputs = try network.outputs(inputShape: shape)
    checkOperators(shape, shapes, hasScores: scores != nil)
    believe(logits)
    note(
      "ends in", runs ? Self.ending(logits, scores, shapes, network) : Self.shown(shapes, network))
    if let results { note("results", results) }
    noteNames()
    progress(1, "running")
    if runs {
      do { try checkNumbers(shape) } catch { fail("\(error)") }
    }
    progress(2, "looking")
    if let photograph, runs { try look(at: photograph, shapes) }
    suggest(shapes)
  }

  private mutating func note(_ name: String, _ text: String) { facts.append((name, text)) }

  private mutating func fail(_ text: String) {
    runs = false
    note("wrong", text)
  }

  // MARK: What runs

  private mutating func checkOperators(
    _ shape: Shape, _ shapes: [String: Shape], hasScores: Bool
  ) {
    let nodes = network.graph.nodes.count
    let unsupported = network.unsupported
    let missing = network.otherInputs.map(\.name)
    let results = network.graph.outputs.filter { shapes[$0] != nil }
    runs = !results.isEmpty || hasScores
    if unsupported.isEmpty, results.count == network.graph.outputs.count {
      note("runs", "all of it: \(nodes) nodes, at \(size.width)×\(size.height)")
      return
    }
    if results.isEmpty, runs {
      note(
        "runs",
        "up to the scores of its classes"
          + (unsupported.isEmpty ? ": how many boxes it has of them depends on the picture" : ""))
    } else if runs {
      note("runs", "\(results.joined(separator: ", ")), of \(network.graph.outputs.count) results")
      if unsupported.isEmpty, let misfit = try? network.misfit(inputShape: shape) {
        note("cannot run", "\(misfit)")
      }
    }
    if let unsupported = network.unsupportedInWords { note("unsupported", unsupported) }
    if !missing.isEmpty {
      note(
        "missing",
        missing.map { "--feed \($0)=…" }.joined(separator: ", ") + ": the inputs beside the picture"
      )
    }
    if !runs {
      do {
        if let misfit = try network.misfit(inputShape: shape) { note("wrong", "\(misfit)") }
      } catch { note("wrong", "\(error)") }
      note("still", "layers before that can be visualized: visualize inspect lists them")
    }
  }

  // MARK: What is believed

  private mutating func believe(_ logits: Network.Logits?) {
    let form = network.form.inWords.map { " (the file takes \($0))" } ?? ""
    let said = network.preparationInWords + form
    if network.preprocessing == nil {
      note(
        "guessed",
        "pictures are \(said): nothing says it. "
          + (network.form == .signal ? Advice.onSignals : Advice.onPreparation))
    } else {
      note(
        "pictures",
        said + (network.preparationSource.map { ", by \($0.fileName)" } ?? ", by the file"))
    }
    if !network.labels.isEmpty {
      let some = network.labels.prefix(3).joined(separator: "; ")
      note(
        "labels",
        "\(network.labels.count), by \(network.sources["labels"]?.fileName ?? "the file"): \(some); …"
      )
    } else if logits?.kind ?? .classes == .classes {
      note("labels", "none: classes go by their numbers; --labels FILE names them")
    }
    if let guess = network.colorGuess { note("guessed", "\(guess) (see --color)") }
    for doubt in network.doubts { note("not believed", doubt) }
    if let logits, let guess = logits.guess {
      note("guessed", "\(guess).\(Advice.on(logits.remedy))")
    }
  }

  private static func ending(
    _ logits: Network.Logits?, _ scores: ClassScores?, _ shapes: [String: Shape], _ network: Network
  ) -> String {
    if let logits { return logits.inWords }
    if let scores { return scores.inWords }
    return "no classes: \(shown(shapes, network))"
  }

  /// The results by their names: nothing is said of what a network that does not run would score.
  private static func shown(_ shapes: [String: Shape], _ network: Network) -> String {
    network.graph.outputs.prefix(4).map { name in
      "\(name) \(shapes[name].map { "\($0)" } ?? "(cannot be run)")"
    }.joined(separator: ", ")
  }

  /// Several results, and how each is asked for; nil of one.
  private var results: String? {
    guard outputs.count > 1 else { return nil }
    return outputs.prefix(6).map(\.inWords).joined(separator: "\n")
      + (outputs.count > 6 ? "\n… \(outputs.count - 6) more: visualize inspect" : "")
  }

  private mutating func noteNames() {
    let layers = network.layers
    let dotted = layers.count { $0.name.contains(".") }
    let some =
      layers.isEmpty
      ? []
      : [layers.count / 4, layers.count / 2, layers.count * 3 / 4]
        .map { layers[$0].name }
    note(
      "layers",
      "\(layers.count), called \(dotted > layers.count / 3 ? "as in your modules" : "as in the file"): "
        + some.uniqued.joined(separator: ", "))
  }

  // MARK: Numbers

  /// Runs the network there and back on random pictures.
  private mutating func checkNumbers(_ shape: Shape) throws {
    let probe = try CheckupProbe(network, shape: shape, threads: threads)
    note("speed", probe.speed)
    if let wrong = probe.notFinite { fail(wrong) }
    if let likeness = probe.likeness { note("embeds", likeness) }
    if let units = probe.deadUnits { note("dead units", units) }
    if let saturation = probe.saturation { note("saturated", saturation) }
  }

  // MARK: A photograph

  private mutating func look(at photograph: Picture, _ shapes: [String: Shape]) throws {
    let input = try network.input(photograph, size: size)
    if let logits = network.logits(in: shapes), logits.isEmbedding {
      let probe = EmbeddingProbe(network, logits: logits, at: input, threads: threads)
      for (name, text) in try probe.facts() { note(name, text) }
      return
    }
    let classes = try network.classes(
      of: input, shapes: shapes, feed: .picture(network.preparation), threads: threads)
    guard !classes.isEmpty else { return note("sees", "nothing that has a class") }
    let lines = Classification.lines(classes.prefix(3), labels: network.labels)
    note("sees", lines.joined(separator: "\n"))
    guard network.preprocessing == nil, network.logits(in: shapes) != nil else { return }
    let trials = try PresetTrial.all(of: network, at: input, threads: threads)
    if let likely = PresetTrial.likely(trials) {
      note("surest with", "--preset \(likely.name), of the presets (a hint, no proof)")
    }
  }

  // MARK: What to try

  private mutating func suggest(_ shapes: [String: Shape]) {
    let model = file.map { " --model \($0.quotedForShell)" } ?? ""
    var commands: [String] = []
    let logits = runs ? network.logits(in: shapes) : nil
    if logits?.isEmbedding == true {
      commands.append("visualize --toward PICTURE\(model)")
      if network.takesPhotographs {
        commands.append("visualize saliency PICTURE --toward PICTURE\(model)")
      }
    } else if logits != nil || runs && network.classScores(in: shapes) != nil {
      let label = network.labels.first {
        network.isOnlyLabel($0) && !$0.contains(":") && !$0.contains(",")
      }
      let first = label ?? NetworkUnit(.logit(0)).argument(in: network)
      commands.append("visualize \(first.asUnitOption)\(model)")
      if network.takesPhotographs {
        let unit = logits?.haveClasses == false ? " \(first.asUnitOption)" : ""
        commands.append("visualize saliency PICTURE\(unit)\(model)")
      }
    }
    let maps = network.layers.filter {
      shapes[$0.value]?.rank == 4 && shapes[$0.value]?[1] ?? 0 > 4
    }
    let rest = network.layers.last { shapes[$0.value] != nil }
    if let layer = maps.isEmpty ? rest : maps[maps.count / 2] {
      commands.append("visualize \("\(layer.name):0-3".asUnitOption)\(model)")
    }
    note("try", commands.joined(separator: "\n"))
  }

  // MARK: Lines

  /// What was found, for 80 columns.
  var lines: [String] {
    let indent = String(repeating: " ", count: 15)
    return [network.name.withVisibleControlsInLines]
      + facts.map { name, text in
        "  " + name.padded(to: 13)
          + text.withVisibleControlsInLines.split(separator: "\n").map { line in
            // A command has to be there whole, to be copied.
            name == "try" ? String(line) : String(line).wrapped(at: 79, indent: indent, first: 15)
          }.joined(separator: "\n" + indent)
      }
  }
}
