public import Autodiff
import Contracts
public import Networks
import Tensors

/// Pictures and what a network shows of them.
public struct Evaluation {
  /// The pictures before the transforms, (batch, channels, height, width): what regularizers read.
  public let picture: Variable

  /// The pictures after the transforms: the network's input.
  public let input: Variable

  private let activations: [Reading: Variable]

  /// What the network shows of the pictures that an objective compares with, each alone.
  private let references: [ReferencePicture: Evaluation]

  /// Creates an evaluation.
  ///
  /// - Parameters:
  ///   - picture: The pictures before the transforms, (batch, channels, height, width).
  ///   - input: The pictures after them.
  ///   - activations: What the network shows, for every reading of the objective.
  ///   - references: The same of every picture that the objective compares with.
  public init(
    picture: Variable, input: Variable, activations: [Reading: Variable],
    references: [ReferencePicture: Evaluation] = [:]
  ) {
    self.picture = picture
    self.input = input
    self.activations = activations
    self.references = references
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

  /// What the network shows of a picture that the objective compares with: the same readings.
  ///
  /// - Throws: `ObjectiveError.noReference` where whoever evaluates shows the network nothing else.
  public func reference(_ reference: ReferencePicture) throws -> Evaluation {
    guard let result = references[reference] else {
      throw ObjectiveError.noReference(reference.name)
    }
    return result
  }

  /// The same of one picture of the batch: so that each can look for something else.
  ///
  /// - Parameter index: Which picture.
  /// - Returns: Its evaluation, with a batch of 1.
  public func picture(_ index: Int) -> Evaluation { pictures(index..<index + 1) }

  /// The same of some pictures of the batch.
  ///
  /// - Parameter range: Which pictures.
  /// - Returns: Their evaluation.
  public func pictures(_ range: Range<Int>) -> Evaluation {
    func part(_ x: Variable) -> Variable { x.sliced(range, alongAxis: 0) }
    return Evaluation(
      picture: part(picture), input: part(input), activations: activations.mapValues(part),
      references: references)
  }

  /// Pictures and, behind them in the batch, those that an objective compares with.
  ///
  /// - Parameter references: The last pictures of the batch, in order.
  /// - Returns: The evaluation of the others, with that of each reference at hand.
  public func separating(_ references: [ReferencePicture]) -> Evaluation {
    if references.isEmpty { return self }
    let count = input.shape[0] - references.count
    precondition(count > 0, "Evaluation: \(references.count) references of \(input.shape[0])")
    var evaluation = pictures(0..<count)
    let known = references.enumerated().map { ($1, picture(count + $0)) }
    evaluation = Evaluation(
      picture: evaluation.picture, input: evaluation.input, activations: evaluation.activations,
      references: Dictionary(known) { first, _ in first })
    return evaluation
  }
}
