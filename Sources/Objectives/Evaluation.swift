public import Autodiff
import Contracts
public import Networks

/// Pictures and what a network shows of them.
public struct Evaluation {
  /// The pictures before the transforms, (batch, channels, height, width): what regularizers read.
  public let picture: Variable

  /// The pictures after the transforms: the network's input.
  public let input: Variable

  private let activations: [Reading: Variable]

  /// Creates an evaluation.
  ///
  /// - Parameters:
  ///   - picture: The pictures before the transforms, (batch, channels, height, width).
  ///   - input: The pictures after them.
  ///   - activations: What the network shows, for every reading of the objective.
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
      preconditionFailure("objective: reading of “\(reading.title)” was not declared")
    }
    return result
  }

  /// The same of one picture of the batch: so that each can look for something else.
  ///
  /// - Parameter index: Which picture.
  /// - Returns: Its evaluation, with a batch of 1.
  public func picture(_ index: Int) -> Evaluation {
    func one(_ x: Variable) -> Variable { x.sliced(index..<index + 1, alongAxis: 0) }
    return Evaluation(
      picture: one(picture), input: one(input), activations: activations.mapValues(one))
  }
}
