import Networks
public import Attribution
import Tensors

/// Measures methods on pictures, one picture after the other.
public struct Evaluator: Sendable {
  /// The methods.
  public var methods: [RegisteredMethod]
  /// The measures.
  public var measures: [RegisteredMeasure]

  /// Creates an evaluator.
  ///
  /// - Parameters:
  ///   - methods: The methods.
  ///   - measures: The measures.
  public init(methods: [RegisteredMethod], measures: [RegisteredMeasure] = RegisteredMeasure.all) {
    (self.methods, self.measures) = (methods, measures)
  }

  /// What happens on the way.
  public enum Event {
    /// So much of the work is done, 0…1; what is being made.
    case progress(Double, String)
    /// A map is made.
    case explained(MeasuredMap)
    /// A plainer method has the same numbers as a method's map; nil: none has.
    case alike(method: String, plainer: String?)
    /// A method has no map of this picture, and why.
    case failed(method: String, any Error)
    /// A measure has spoken.
    case measured(MethodEvaluation.Entry)
  }

  /// Measures all methods on one picture.
  ///
  /// - Parameters:
  ///   - picture: The picture and the unit.
  ///   - name: What the picture is called.
  ///   - report: Takes what happens; an error of its own ends the work.
  /// - Throws: What `report` throws, `NetworkError` where the network cannot be run, and
  ///   `NotFiniteError` where what it says of the picture is no number.
  public func evaluate(
    _ picture: ExplainedPicture, named name: String, report: (Event) throws -> Void
  ) throws {
    let (explanations, costs) = try explain(picture, report: report)
    let names = explanations.map(\.registered.name)
    func cost(of measure: RegisteredMeasure) -> Double {
      names.reduce(0) { $0 + (costs[$1]?.of(measure) ?? 0) }
    }
    let total = measures.reduce(0) { $0 + cost(of: $1) }
    var done = 0.0
    for measure in measures {
      let end = done + cost(of: measure)
      let results = try measure.measure(explanations) { explanation in
        let method = explanation.registered.name
        try report(.progress(min(done, end) / total, "\(method), \(measure.name)"))
        done += (costs[method]?.of(measure) ?? 0) / Double(measure.work.visits)
      }
      done = end
      for (method, result) in zip(names, results) {
        try report(
          .measured(
            .init(
              picture: name, unit: picture.unit.title, method: method, measure: measure.name,
              result: result.finite)))
      }
    }
    try report(.progress(1, ""))
  }

  /// The maps of all methods that have one, and how long a map and a value of the scalar take.
  private func explain(
    _ picture: ExplainedPicture, report: (Event) throws -> Void
  ) throws -> ([MeasuredMap], [String: Cost]) {
    let clock = ContinuousClock()
    // The first time, a plan is made.
    _ = try picture.explained.finiteValue(at: picture.picture)
    let value = try clock.measure { _ = try picture.explained.values(at: picture.picture) }
    var explanations: [MeasuredMap] = []
    var costs: [String: Cost] = [:]
    for method in methods {
      try report(.progress(0, method.name))
      do {
        let map = try clock.measure {
          explanations.append(try MeasuredMap(of: picture, by: method))
        }
        costs[method.name] = Cost(map: map / .seconds(1), value: value / .seconds(1))
      } catch let error as CancellationError {
        throw error
      } catch {
        try report(.failed(method: method.name, error))
        continue
      }
      if let explanation = explanations.last { try report(.explained(explanation)) }
    }
    for explanation in explanations {
      let plainer = try explanation.registered.plainerMethod(
        withMap: explanation.map, of: picture.picture, in: picture.explained,
        .init(seed: picture.seed)
      ) { name in explanations.first { $0.registered.name == name }?.map }
      try report(.alike(method: explanation.registered.name, plainer: plainer?.name))
    }
    return (explanations, costs)
  }
}

/// How long things take, in seconds: what a progress bar goes by, and no result.
private struct Cost {
  let map: Double
  let value: Double

  func of(_ measure: RegisteredMeasure) -> Double {
    Double(measure.work.maps) * map + Double(measure.work.values + 1) * value
  }
}

extension Result<Measurement, any Error> {
  /// The same, or where the number is infinite or undefined an error that says so.
  fileprivate var finite: Self {
    guard case .success(let found) = self, !found.value.isFinite else { return self }
    return .failure(FaithfulnessError.undefined("its value is infinite or undefined"))
  }
}
