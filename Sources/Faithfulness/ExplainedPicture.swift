import Autodiff
public import Attribution
public import Networks
public import Objectives
public import Tensors

/// A picture and a unit of a network: what the measures of all methods share.
public final class ExplainedPicture {
  /// The unit.
  public let unit: NetworkUnit
  /// The picture, 1×C×H×W.
  public let picture: Tensor
  /// The unit's scalar.
  public let explained: Explained
  /// The unit's probability, for a class; `nil` for anything else.
  public let probability: Explained?
  /// What the network receives as zeros, of the picture's shape: for most, the mean colour of what it was
  /// trained with.
  public let nothing: Tensor
  /// Other units of the same kind, drawn at random; none for a whole layer.
  public let others: [NetworkUnit]
  /// What all that is random follows from.
  public let seed: UInt64

  private let logits: Plan?
  private let shapes: [String: Shape]
  private var kept: [String: Any] = [:]

  /// Gathers what is measured; nothing is computed yet.
  ///
  /// - Parameters:
  ///   - unit: The unit.
  ///   - picture: 1×C×H×W.
  ///   - network: The network.
  ///   - feed: What `picture` is: RGB (or grey) in 0…1, or the network's own input.
  ///   - seed: What all that is random follows from.
  ///   - threads: How many threads share the work.
  /// - Throws: `NetworkError`.
  public init(
    _ unit: NetworkUnit, at picture: Tensor, in network: Network,
    feed: Network.Feed = .picture(), seed: UInt64 = 0, threads: Int = processorCount
  ) throws {
    precondition(
      picture.shape.rank == 4 && picture.shape[0] == 1, "one picture, not \(picture.shape)")
    let shapes = try network.shapes(inputShape: picture.shape)
    let explained = Explained(
      Objective(unit), in: network, inputShape: picture.shape, feed: feed, threads: threads,
      shapes: shapes)
    self.shapes = shapes
    (self.unit, self.picture, self.seed) = (unit, picture, seed)
    self.explained = explained
    let ending = network.logits(in: shapes)
    probability =
      if case .logit(let index) = unit.kind, let ending, ending.haveProbabilities {
        explained.beside(.probability(index, by: ending.link), shapes: shapes)
      } else {
        nil
      }
    nothing = network.zero(of: picture.shape, as: feed)
    others = try unit.others(2, in: network, shapes: shapes, seed: seed)
    logits = try ending.flatMap { logits in
      guard logits.haveClasses else { return nil }
      return try network.plan(
        inputShape: picture.shape, readings: [Reading(.value(logits.value))], feed: feed,
        differentiable: false, threads: threads)
    }
  }

  /// The pixels, or what stands for them.
  var places: Places { explained.places(of: picture) }

  /// The class that the network sees in a picture of the same shape; `nil` where it is no classifier.
  ///
  /// - Throws: `NetworkError`.
  public func predictedClass(of picture: Tensor) throws -> Int? {
    guard let scores = try logits?.forward(picture)[0].scalars else { return nil }
    return scores.indices.max { scores[$0] < scores[$1] }
  }

  /// The same scalar, or another, of another network of the same build.
  func explained(in network: Network, _ unit: NetworkUnit? = nil) -> Explained {
    explained.beside(Objective(unit ?? self.unit), in: network, shapes: shapes)
  }

  /// What was made under a name before: what measures ask of the network is the same for every method's map.
  func once<Value>(_ name: String, _ make: () throws -> Value) rethrows -> Value {
    if let value = kept[name] as? Value { return value }
    let value = try make()
    kept[name] = value
    return value
  }
}

extension Objective {
  /// A class's probability: its softmax among all logits, its own sigmoid, or itself where there is none.
  ///
  /// A softmax also rises where the other classes fall, so what is explained is the logit; measures by
  /// probability are what the field's figures are in.
  ///
  /// - Parameters:
  ///   - index: The class.
  ///   - link: What the network makes of its logits; a softmax where its file says nothing.
  /// - Returns: The objective.
  public static func probability(_ index: Int, by link: Network.Link = .softmax) -> Objective {
    let reading = Reading(.logits)
    return Objective("probability of logit \(index)", reading: [reading]) { evaluation in
      let logits = evaluation[reading].reshaped(to: [evaluation[reading].value.count])
      let probabilities =
        switch link {
        case .sigmoid: sigmoid(logits)
        case .own, .other, .embedding: logits
        case .softmax, .none: logits.softmax()
        }
      return probabilities.sliced(index..<index + 1, alongAxis: 0)
    }
  }
}

extension Network {
  /// The input that the network receives as zeros.
  func zero(of shape: Shape, as feed: Feed) -> Tensor {
    let zeros = Tensor(shape)
    let shift = received(zeros, as: feed)
    let scale = received(Tensor(shape, repeating: 1), as: feed) - shift
    return inFedOrder(-shift / scale, as: feed)
  }
}
