import Attribution
import Networks
import Objectives
import Tensors

/// How what was recorded under a name is computed here; families list them in files of their own.
struct RecordedMethod: Sendable {
  /// What is computed, by the key that the result is recorded under: `file`, `raw`, `final`, `auc`.
  typealias Results = [String: Tensor]

  /// The list that recordings of this name stand in.
  let section: Recording.Section
  /// The name in `case.json`.
  let name: String
  /// Computes the results.
  let compute: @Sendable (RecordedRequest) throws -> Results

  /// Creates an entry for any list.
  ///
  /// - Parameters:
  ///   - section: The list that recordings of this name stand in.
  ///   - name: The name in `case.json`.
  ///   - compute: Computes the results by the keys that they are recorded under.
  init(
    _ section: Recording.Section, _ name: String,
    compute: @escaping @Sendable (RecordedRequest) throws -> Results
  ) {
    (self.section, self.name, self.compute) = (section, name, compute)
  }

  /// An attribution that is a method's map, recorded under `file`.
  static func map(
    _ name: String, _ method: @escaping @Sendable (RecordedRequest) throws -> any AttributionMethod
  ) -> RecordedMethod {
    RecordedMethod(.attributions, name) { ["file": try $0.map(by: method($0))] }
  }
}

/// A recording that is to be computed again.
struct RecordedRequest {
  /// The case that it stands in: network, input, files.
  let golden: GoldenCase
  /// What is said of it.
  let recording: Recording
  /// How many threads share the work.
  let threads: Int

  /// The scalar: the logit of the recorded unit.
  var objective: Objective { .logit(recording.unit) }

  /// An objective at the recorded input, fed as it is.
  func explained(_ objective: Objective? = nil) -> Explained {
    Explained(
      objective ?? self.objective, in: golden.explained.network, inputShape: input.shape,
      feed: .raw, threads: threads)
  }

  /// The recorded input as methods take it.
  var input: Tensor { golden.explained.input }

  /// A method's map of the recorded input; one of the input's extents has the file's axes.
  func map(by method: any AttributionMethod, of objective: Objective? = nil) throws -> Tensor {
    let map = try explained(objective).map(of: input, by: method)
    let network = golden.explained.network
    return map.shape == input.shape && !network.form.takesPhotographs
      ? network.inputAxes.asInFile(map, network.form) : map
  }

  /// The recorded baseline: a number or a file; 0 where there is none.
  func baseline() throws -> Baseline {
    if let file = recording.text("baseline") { return .input(try golden.recorded(file)) }
    return .constant(Float(recording.number("baseline") ?? 0))
  }

  /// The recorded layer's name.
  ///
  /// - Throws: `RecordedError.missing`.
  func layer() throws -> String {
    guard let layer = recording.text("layer") else { throw RecordedError.missing("layer") }
    return layer
  }
}

/// Why a recording cannot be computed again.
enum RecordedError: Error, CustomStringConvertible {
  /// Something that the method needs is not said.
  case missing(String)

  var description: String {
    switch self {
    case .missing(let key): "case.json does not say '\(key)', which the method needs"
    }
  }
}
