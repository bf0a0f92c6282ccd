public import Attribution
public import Networks
import Objectives
public import Portraits
public import Tensors
import Visualization

/// A map of what mattered in a photograph, and what is known of it.
public struct SaliencyMap: Sendable {
  /// What is explained: one thing, or one rather than another.
  public struct Subject: Hashable, Sendable {
    /// What the map is for.
    public let first: Portraits.Subject
    /// What it is against; nil: nothing.
    public let second: Portraits.Subject?

    /// Creates a subject.
    ///
    /// - Parameters:
    ///   - first: What the map is for.
    ///   - second: What it is against: the objective is the first less the second.
    public init(_ first: Portraits.Subject, against second: Portraits.Subject? = nil) {
      (self.first, self.second) = (first, second)
    }

    /// What stands over the map: `cat`, `cat rather than dog`.
    public var title: String {
      second.map { "\(first.title) rather than \($0.title)" } ?? first.title
    }

    /// The title, and for a logit its number.
    public var description: String {
      second.map { "\(first) rather than \($0)" } ?? "\(first)"
    }

    /// A name for its files, without an extension.
    public var fileName: String {
      second.map { "\(first.fileName)-against-\($0.fileName)" } ?? first.fileName
    }

    /// The class, where it is one and nothing else.
    public var logit: Int? { second == nil ? first.logit : nil }

    /// Whether it is a class of a detector and nothing else.
    var isDetected: Bool { second == nil && first.score?.scores.task == .detection }

    /// Whether it is read at places of several of a detector's scales, as far as that is known: true where the best places
    /// of a photograph are taken.
    var mayBeOfSeveralScales: Bool {
      guard case .unit(let unit) = first.kind, case .score(_, let scores, let places) = unit.kind,
        scores.task == .detection, scores.scales.count > 1
      else { return false }
      guard let places else { return true }
      return Set(places.map { scores.scale(of: $0)?.stride ?? -$0 }).count > 1
    }

    /// Whether it is read at few places of a layer or of a detector's head.
    var isOfFewPlaces: Bool {
      [first, second].contains { subject in
        if case .unit(let unit)? = subject?.kind, case .neuron = unit.kind { return true }
        return subject?.score?.scores.task == .detection
      }
    }

    /// The scalar that is explained.
    func objective(in explainer: Explainer) throws -> Objective {
      let (network, shapes) = (explainer.network, explainer.shapes)
      let objective = try first.objective(in: network, shapes: shapes)
      guard let second else { return objective }
      return objective - (try second.objective(in: network, shapes: shapes))
    }
  }

  /// Why there is nothing to see in a map.
  public enum Nothing: Hashable, Sendable {
    /// It is 0 everywhere.
    case zeros(reason: Diagnosis?)
    /// Nothing in it is positive, and the method drops what is negative.
    case negative
    /// It is one number for the whole picture.
    case onePosition(Float)
    /// It is the same number everywhere, but for rounding; of a method that takes a layer or of another.
    case constant(Float, isOfLayer: Bool)
  }

  /// What is explained.
  public let subject: Subject
  /// How.
  public let method: ConfiguredMethod
  /// What the method yields, 1×C×h×w; of a layer of a volume 1×d×h×w, its slices.
  public let attribution: Tensor
  /// The standard error of each number, where they are means over random draws.
  public let standardError: Tensor?
  /// The scalar's value for the photograph.
  public let value: Float
  /// The probability of the class, where it is one.
  public let probability: Float?
  /// What the map should add up to, where the method is complete.
  public internal(set) var total: Float?
  /// Why there is nothing to see; nil where there is something.
  public internal(set) var nothing: Nothing?

  /// The plainer method that has the same map on this network; nil: none is known of.
  public internal(set) var plainer: RegisteredMethod?

  /// What is shown of it.
  public let shown: ShownMap

  init(
    subject: Subject, method: ConfiguredMethod, attribution: Tensor, standardError: Tensor?,
    value: Float, form: InputForm = .picture, probability: Float?
  ) {
    (self.subject, self.method, self.attribution) = (subject, method, attribution)
    (self.standardError, self.value, self.probability) = (standardError, value, probability)
    shown = ShownMap(attribution, of: method.registered, method: method.method, form: form)
    sum = shown.isByParts ? nil : attribution.total
  }

  /// The sum of everything the method yields, or of the numbers of its parts where those add up to `total`; nil for
  /// maps of other parts, which add up to nothing.
  public internal(set) var sum: Float?

  /// What to say of a map whose numbers a plainer method has, too, though it may put channels and signs together otherwise.
  public var likeness: String? {
    plainer.map { other in
      other.kind == method.registered.kind
        ? "the same map as that of \(other) here, number by number"
        : "the same numbers as those of \(other) here, but for how channels and signs are shown"
    }
  }

  /// The layers that it is made of; empty where the method takes none.
  public var layers: [String] {
    method.registered.options.contains(.layer) ? method.settings.layers : []
  }

  /// What to say of a map that may miss what it is for.
  public var caution: String? {
    if method.registered.weighsByMeans, subject.isOfFewPlaces {
      return
        "channels are weighted by means over all places, and \(subject.title) is read at few; layer-cam and "
        + "hires-cam weigh place by place"
    }
    if layers.count == 1, !method.registered.fusesLayers, subject.mayBeOfSeveralScales {
      return
        "it may be read on several scales, which have a map each, and this is of one; layer-cam fuses them, and each "
        + "box can be explained by its own"
    }
    return nil
  }

  /// What to say in place of a map in which there is nothing to see; nil where there is something.
  public var nothingInWords: String? {
    nothing.map { "\($0)" + (caution.map { "; \($0)" } ?? "") }
  }

  /// The value of the map farthest from 0.
  public var largest: Float {
    shown.map.scalars.max { abs($0) < abs($1) } ?? 0
  }
}

extension SaliencyMap.Nothing: CustomStringConvertible {
  /// What to say in place of a map.
  public var description: String {
    switch self {
    case .zeros(let reason):
      "nothing to see: the map is 0 everywhere" + (reason.map { "; \($0)" } ?? "")
    case .negative:
      "nothing to see: no place is positive, and the method drops what is negative; "
        + "layer-gradient-x-activation keeps it"
    case .onePosition(let value):
      "nothing to see: the layer has one position, \(value.significant(3)) for the whole picture; "
        + "name an earlier layer"
    case .constant(let value, true):
      "nothing to see: the map is \(value.significant(3)) everywhere, as before a mean over the whole layer; "
        + "name an earlier layer"
    case .constant(let value, false):
      "nothing to see: the map is \(value.significant(3)) everywhere, no place differs from another"
    }
  }
}

/// Why there is no explanation.
public enum ExplanationError: Error, Hashable, CustomStringConvertible {
  /// A map with values that are infinite or undefined.
  case notFinite(String, reason: Diagnosis?)

  /// What is wrong.
  public var description: String {
    switch self {
    case .notFinite(let title, let reason):
      "the map of \(title) has values that are infinite or undefined"
        + (reason.map { ": \($0)" } ?? "")
    }
  }
}
