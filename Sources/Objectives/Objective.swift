public import Autodiff
public import Networks
import Tensors

/// A scalar of a network and its pictures: what is made large, and what is explained.
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

  /// The pictures that it compares with, each once.
  public var references: [ReferencePicture]

  private let evaluate: @Sendable (Evaluation) throws -> Variable

  /// Creates an objective from a function of what a network shows.
  ///
  /// - Parameters:
  ///   - name: What it is called.
  ///   - readings: What the function will ask for.
  ///   - references: The pictures that it compares with.
  ///   - evaluate: The function; its result is one scalar, to be maximized.
  public init(
    _ name: String, reading readings: [Reading] = [],
    comparingWith references: [ReferencePicture] = [],
    evaluate: @escaping @Sendable (Evaluation) throws -> Variable
  ) {
    self.name = name
    var seen = Set<Reading>()
    self.readings = readings.filter { seen.insert($0).inserted }
    var known = Set<ReferencePicture>()
    self.references = references.filter { known.insert($0).inserted }
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

  /// The objective's value for each picture of a batch by itself.
  ///
  /// - Parameter evaluation: Pictures and what the network shows of them.
  /// - Returns: One scalar a picture, of shape (batch).
  /// - Throws: What the objective's own function throws.
  public func values(_ evaluation: Evaluation) throws -> Variable {
    let count = evaluation.picture.shape[0]
    if count == 1 { return try value(evaluation).reshaped(to: [1]) }
    return try concatenate(
      (0..<count).map { try value(evaluation.picture($0)).reshaped(to: [1]) })
  }
}
