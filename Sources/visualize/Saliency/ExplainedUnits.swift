import ArgumentParser
import Explanations
import Networks
import Portraits
import Visualization

/// What is to be explained in each photograph.
struct ExplainedUnits: ParsableArguments {
  @Option(
    name: [.short, .long],
    help: ArgumentHelp(
      "What to explain: cat, 281, layer3:17, layer3:17@4,5 (the layer's own column and row), layer3, layer3:0-3; may be "
        + "said several times. "
        + "(default: the top class)", valueName: "unit"))
  var unit: [String] = []

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Explain several things at once: 'cat - dog'; see visualize picture --help.",
      valueName: "expression"))
  var objective: String?

  @Option(
    help: ArgumentHelp(
      "Explain what makes the photograph like this one, in a network that embeds pictures.",
      valueName: "picture"), completion: .file(extensions: ["png", "jpg", "jpeg"]))
  var toward: String?

  @Option(
    help: ArgumentHelp(
      "Explain the unit, this one, and what speaks for the first rather than for this.",
      valueName: "unit"))
  var against: String?

  @Option(help: ArgumentHelp("Explain so many of the surest classes.", valueName: "count"))
  var top: Int?

  @Flag(help: "Explain each box of a detector by itself, and not all of a class together.")
  var eachBox = false

  func validate() throws {
    if top != nil, !unit.isEmpty || objective != nil || toward != nil {
      throw ValidationError("--top, --unit and --objective exclude each other.")
    }
    if let top, !(1...100).contains(top) {
      throw ValidationError("--top must be 1 to 100, not \(top).")
    }
    for case .objective(let expression) in try requests() {
      if let function = expression.comparison {
        throw ValidationError(
          "--objective: `\(function)` compares several pictures, and one is explained.")
      }
    }
  }

  /// What is said of units, by the options' names; not how many classes.
  var said: [String] {
    [
      unit.isEmpty ? nil : "--unit", objective.map { _ in "--objective" },
      toward.map { _ in "--toward" }, against.map { _ in "--against" },
      eachBox ? "--each-box" : nil,
    ].compactMap(\.self)
  }

  /// What the options ask for, in their order; empty for the surest classes.
  private func requests() throws(ValidationError) -> [Subject.Request] {
    let first = try Subject.Request(unit: unit.first, objective: objective, toward: toward)
    if let request = first, unit.isEmpty {
      return [request]
    }
    return unit.map { .unit($0) }
  }

  /// The most units that are explained at once.
  private static let mostUnits = 256

  /// What is the same for all photographs.
  struct Known {
    let subjects: [SaliencyMap.Subject]
    fileprivate let against: SaliencyMap.Subject?
    fileprivate let top: Int

    /// Whether each photograph has one thing to explain.
    var isOne: Bool { max(subjects.count, subjects.isEmpty ? top : 1) == 1 && against == nil }

    /// What distinguishes the files from those of the top class.
    var fileName: String? {
      var words = subjects.map(\.fileName)
      if words.count > 3 { words = ["\(words.count)-units"] }
      if words.isEmpty, top > 1 { words = ["top-\(top)"] }
      if let against { words += ["against", against.fileName] }
      return words.isEmpty ? nil : words.joined(separator: "-")
    }
  }

  /// Finds everything that is asked for in the network, before any photograph is explained.
  ///
  /// - Throws: `UnitError`, `NetworkError` or `ExpressionError`, with the nearest names, the range or the place.
  func known(by explainer: Explainer) throws -> Known {
    let selection = UnitSelection(
      network: explainer.network, shapes: explainer.shapes, most: Self.mostUnits)
    let asked = try requests().flatMap { request -> [SaliencyMap.Subject] in
      guard case .unit(let text) = request else { return [try explainer.subject(request)] }
      return try selection.units(text).map { SaliencyMap.Subject(Subject($0)) }
    }
    if let words = asked.first?.first.embeddingInWords {
      Terminal.note("--toward: the network's embedding is taken to be \(words).")
    }
    return Known(
      subjects: asked.uniqued,
      against: try against.map {
        SaliencyMap.Subject(Subject(try selection.unit($0, of: "--against")))
      }, top: top ?? 1)
  }

  /// What is to be explained in a photograph.
  ///
  /// - Throws: Where the network has no classes and nothing else is asked for.
  func subjects(
    _ known: Known, in photograph: Photograph, by explainer: Explainer
  ) throws -> [SaliencyMap.Subject] {
    let subjects =
      known.subjects.isEmpty ? try explainer.top(known.top, of: photograph) : known.subjects
    guard let against = known.against else { return subjects }
    return subjects.flatMap { subject in
      subject == against
        ? [subject]
        : [subject, against, SaliencyMap.Subject(subject.first, against: against.first)]
    }.uniqued
  }
}

extension Array where Element: Hashable {
  /// Every element once, in order.
  var uniqued: [Element] {
    var seen = Set<Element>()
    return filter { seen.insert($0).inserted }
  }
}
