public import Autodiff
public import Networks
import Tensors

/// What to look for: a number to make as large as possible.
///
/// Objectives are values that add, subtract and scale. A penalty is positive where things are bad, and
/// is subtracted:
///
/// ```swift
/// .channel("mixed4a", 42) - 0.1 * .totalVariation()
/// ```
public struct Objective: Sendable {
  /// What it is called, as one would write it.
  public var name: String

  /// What it reads of the network, each once.
  public var readings: [Reading]

  private let evaluate: @Sendable (Evaluation) throws -> Variable

  /// Creates an objective from a function of what a network shows.
  ///
  /// - Parameters:
  ///   - name: What it is called.
  ///   - readings: What the function will ask for.
  ///   - evaluate: The function; its result is one scalar, to be maximized.
  public init(
    _ name: String, reading readings: [Reading] = [],
    evaluate: @escaping @Sendable (Evaluation) throws -> Variable
  ) {
    self.name = name
    var seen = Set<Reading>()
    self.readings = readings.filter { seen.insert($0).inserted }
    self.evaluate = evaluate
  }

  /// The objective's value.
  ///
  /// - Parameter evaluation: Pictures and what the network shows of them.
  /// - Returns: A scalar.
  /// - Throws: What the objective's own function throws.
  public func value(_ evaluation: Evaluation) throws -> Variable {
    let result = try evaluate(evaluation)
    precondition(
      result.value.count == 1, "objective \(name): a value of shape \(result.shape), not a scalar")
    return result.reshaped(to: [])
  }
}

/// Pictures and what a network shows of them.
public struct Evaluation {
  /// The pictures before the transforms, (batch, channels, height, width): what regularizers read.
  public let picture: Variable

  /// The pictures after the transforms: the network's input.
  public let input: Variable

  private let activations: [Reading: Variable]

  /// Creates an evaluation.
  public init(picture: Variable, input: Variable, activations: [Reading: Variable]) {
    self.picture = picture
    self.input = input
    self.activations = activations
  }

  /// What the network shows: (batch, channels, height, width), or (batch, features).
  ///
  /// - Precondition: The objective declared the reading.
  public subscript(reading: Reading) -> Variable {
    guard let result = activations[reading] else {
      preconditionFailure("objective: reading of “\(reading.layer)” was not declared")
    }
    return result
  }

  /// The same of one picture of the batch.
  func picture(_ index: Int) -> Evaluation {
    func one(_ x: Variable) -> Variable { x.sliced(index..<index + 1, alongAxis: 0) }
    return Evaluation(
      picture: one(picture), input: one(input), activations: activations.mapValues(one))
  }
}
