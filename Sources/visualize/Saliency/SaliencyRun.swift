import Attribution
import Explanations
import Imaging
import Networks
import Portraits
import Tensors
import Visualization

/// The work of one `saliency` command: photographs in, files out.
struct SaliencyRun {
  let explainer: Explainer
  let units: ExplainedUnits
  let known: ExplainedUnits.Known
  let methods: [ConfiguredMethod]
  /// Whether a method that the network cannot have is left out without failing.
  let leavesOut: Bool
  let output: SaliencyOutput
  /// What was asked last: with one method and one unit, what it keeps serves the next photograph.
  private var asked: (subject: SaliencyMap.Subject, explained: Explained)?
  /// What was said of the layers that maps are made of.
  private var layersInWords: Set<String> = []
  /// Methods of which it was said that a plainer one has the same map.
  private var alike: Set<String> = []
  /// What was not made, and why, in order.
  private(set) var failures: [(name: String, reason: String)] = []

  /// The most photographs on a sheet.
  static let rowLimit = 8

  init(
    explainer: Explainer, units: ExplainedUnits, methods: MethodOptions, output: SaliencyOutput
  ) throws {
    (self.explainer, self.units, self.output) = (explainer, units, output)
    known = output.known
    self.methods = try methods.methods()
    leavesOut = methods.isAll
  }

  /// Whether there is one map, whose failure is the command's.
  private func isSingle(_ paths: [String]) -> Bool {
    paths.count == 1 && methods.count == 1 && known.isOne
  }

  /// Explains photographs; one that cannot be read or explained does not keep the others from it.
  ///
  /// - Parameters:
  ///   - paths: Their files.
  ///   - first: The first one, where it is read already.
  /// - Throws: Where a file cannot be written, or nothing could be made.
  mutating func run(_ paths: [String], first: ExplainedFile?) throws {
    var rows: [ExplanationRow] = []
    var sheets = 0
    try output.checkSheet(of: paths, hash: explainer.network.sha256)
    for (index, path) in paths.enumerated() {
      do {
        let file = try index == 0 ? first ?? .init(contentsOf: path) : .init(contentsOf: path)
        let (photograph, words) = try explainer.photograph(file, named: path)
        if let words { Terminal.note("\(photograph.fileName): \(words).") }
        announce(photograph, isAlone: paths.count == 1)
        let hash = PhotographHash(of: [path])
        let located = try explainer.located(
          try units.subjects(known, in: photograph, by: explainer), in: photograph,
          isEach: units.eachBox)
        for note in located.notes { Terminal.note(note) }
        let row = try row(
          of: located, hash, isSingle: isSingle(paths) && located.subjects.count == 1)
        guard !row.entries.isEmpty else { continue }
        try output.saveMaps(row, hash: explainer.network.sha256, photograph: hash)
        rows.append(row)
      } catch let error where paths.count > 1 && !(error is CancellationError) {
        failures.append((path, "\(error)"))
      }
      let isLast = index == paths.count - 1
      if !rows.isEmpty, isLast || rows.count == Self.rowLimit {
        try output.saveSheet(
          rows, number: isLast && sheets == 0 ? nil : sheets + 1, of: paths,
          network: explainer.network)
        sheets += 1
        rows = []
      }
    }
  }

  /// What the network sees, and how much of the photograph.
  private func announce(_ photograph: Photograph, isAlone: Bool) {
    if !isAlone { Terminal.writeError("\(photograph.name)\n") }
    let classes = Classification.lines(
      photograph.classes.prefix(isAlone ? 5 : 1), labels: explainer.network.labels)
    for line in classes { Terminal.writeError("\(line)\n") }
    if let cut = photograph.framing.cut {
      Terminal.note(
        "\(photograph.fileName): the network is shown the \(cut); --fit pad shows it all.")
    }
  }

  private mutating func row(
    of located: Explainer.Located, _ hash: PhotographHash, isSingle: Bool
  ) throws -> ExplanationRow {
    let (photograph, subjects) = (located.photograph, located.subjects)
    for (subject, method) in subjects.pairs(with: methods) {
      try output.checkMap(
        of: subject, by: method, stem: photograph.stem, hash: explainer.network.sha256,
        photograph: hash)
    }
    let bar = ProgressBar(total: 1000)
    defer { bar.finish() }
    let count = subjects.count * methods.count
    // Methods take from milliseconds to minutes, so that one says nothing of the time that others need.
    let isEachAlone = methods.count > 1
    var entries: [ExplanationRow.Entry] = []
    for (index, (subject, method)) in subjects.pairs(with: methods).enumerated() {
      if isSingle { Terminal.note("\(method.title) of \(subject.description)") }
      if isEachAlone { bar.restart() }
      do {
        let explanation = try explainer.map(
          of: subject, in: photograph, by: method, asking: explained(subject)
        ) {
          let share = isEachAlone ? $0 : (Double(index) + $0) / Double(count)
          bar.update(
            Int(share * 1000), count == 1 ? "" : "\(index + 1) of \(count), \(method.title)")
        }
        if isSingle {
          bar.finish()
          try checkThereIsSomething(explanation)
        }
        note(explanation, bar, isSingle: isSingle)
        entries.append(.map(explanation))
      } catch let error where !isSingle && !(error is CancellationError) {
        bar.finish()
        let title = "\(method.title) of \(subject.title)"
        if leavesOut, error is AttributionError {
          Terminal.note("Left out: \(title): \(error).")
          continue
        }
        failures.append(("\(photograph.name): \(title)", "\(error)"))
        entries.append(.failure(subject, method: method.title, reason: "\(error)"))
      }
    }
    let row = ExplanationRow(photograph, entries)
    if let words = row.explanations.layersInWords, layersInWords.insert(words).inserted {
      bar.finish()
      Terminal.note(words)
    }
    return row
  }

  /// The same as for the photograph before where there is nothing else to ask; else one of its own, so that what
  /// one method keeps is not held beside another's.
  private mutating func explained(_ subject: SaliencyMap.Subject) throws -> Explained {
    if methods.count == 1, let asked, asked.subject == subject { return asked.explained }
    asked = nil
    let explained = try explainer.explained(subject)
    // Large weights are not held while the next photograph is classified.
    if methods.count == 1, !explained.packsInUse { asked = (subject, explained) }
    return explained
  }

  /// Refuses to draw a map in which there is nothing; numbers are saved all the same.
  private func checkThereIsSomething(_ explanation: SaliencyMap) throws {
    if let nothing = explanation.nothing, output.drawsOnly {
      throw NothingToSeeError(
        title: explanation.subject.title, nothing: nothing, caution: explanation.caution,
        takesLayer: explanation.method.registered.options.contains(.layer))
    }
  }

  private mutating func note(_ explanation: SaliencyMap, _ bar: ProgressBar, isSingle: Bool) {
    let title = "\(explanation.method.title) of \(explanation.subject.title)"
    if let nothing = explanation.nothingInWords {
      bar.finish()
      Terminal.note("\(title): \(nothing).")
    } else if isSingle, let sum = explanation.sum, let total = explanation.total {
      Terminal.note(
        "\(explanation.shown.isByParts ? "Its parts add" : "The map adds") up to \(Double(sum).fixed(3)); it should be "
          + "\(Double(total).fixed(3)).")
    }
    if explanation.nothing == nil, let caution = explanation.caution {
      bar.finish()
      Terminal.note("\(title): \(caution).")
    }
    if let likeness = explanation.likeness, alike.insert(explanation.method.title).inserted {
      bar.finish()
      Terminal.note("\(title): \(likeness).")
    }
  }
}

/// A map in which there is nothing to see, where it was to be drawn.
struct NothingToSeeError: Error, CustomStringConvertible {
  let title: String
  let nothing: SaliencyMap.Nothing
  /// What to say of the method.
  let caution: String?
  /// Whether the method is one of a layer that can be named.
  let takesLayer: Bool

  var description: String { "\(title): \(nothing)\(advice)" }

  private var advice: String {
    switch nothing {
    case .zeros(let diagnosis):
      diagnosis.map(Advice.on) ?? caution.map { "; \($0)" }
        ?? (takesLayer ? "; name another layer (--layer)" : "")
    case .negative: caution.map { "; \($0)" } ?? ""
    case .onePosition, .constant(_, isOfLayer: true): " (--layer)"
    case .constant(_, isOfLayer: false): ""
    }
  }
}

extension Array {
  /// Every element of this array with every one of another, this array's first one first.
  fileprivate func pairs<Other>(with others: [Other]) -> [(Element, Other)] {
    flatMap { element in others.map { (element, $0) } }
  }
}
