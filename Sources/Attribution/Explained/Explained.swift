import Autodiff
public import Networks
public import Objectives
public import Tensors

/// An objective of a network as a function of pictures of one size: what attribution methods ask.
///
/// It keeps the plans that it made for one question for the next. It belongs to one task; the network that
/// it was made of can be shared.
///
/// ```swift
/// let explained = Explained(.logit(281), in: network, inputShape: picture.shape)
/// let value = try explained.values(at: picture)[0]
/// let gradient = try explained.gradient(at: picture)
/// ```
public final class Explained {
  /// The network.
  public let network: Network
  /// The scalar, one for every picture.
  public let objective: Objective
  /// What pictures are: RGB (or grey) in 0…1, or the network's own input.
  public let feed: Network.Feed
  /// The shape of one picture: 1×C×H×W.
  public let pictureShape: Shape
  /// How many threads share the work; no result depends on it.
  public let threads: Int

  let plans: PlanCache
  /// What the network's `shapes(inputShape:)` returned for one picture, where somebody has asked already.
  let knownShapes: [String: Shape]?

  /// Gathers what is explained; nothing is computed yet.
  ///
  /// - Parameters:
  ///   - objective: The scalar.
  ///   - network: The network.
  ///   - inputShape: N×C×H×W; N does not matter.
  ///   - feed: What pictures are.
  ///   - threads: How many threads share the work.
  ///   - shapes: What the network's `shapes(inputShape:)` returned for one such picture; nil: it is asked when
  ///     somebody wants to know.
  public convenience init(
    _ objective: Objective, in network: Network, inputShape: Shape,
    feed: Network.Feed = .picture(), threads: Int = processorCount, shapes: [String: Shape]? = nil
  ) {
    self.init(
      objective, in: network, Shape([1] + inputShape.dimensions.dropFirst()), feed,
      PlanShelf(threads: threads), threads, shapes)
  }

  private init(
    _ objective: Objective, in network: Network, _ pictureShape: Shape, _ feed: Network.Feed,
    _ shelf: PlanShelf, _ threads: Int, _ shapes: [String: Shape]?
  ) {
    (self.objective, self.network, self.pictureShape) = (objective, network, pictureShape)
    (self.feed, self.threads, knownShapes) = (feed, threads, shapes)
    plans = PlanCache(on: shelf)
  }

  /// Another scalar, of the same network or another, for pictures of the same size.
  ///
  /// Its plans share the room and the threads of this one's: what is asked of either makes the other's go.
  ///
  /// - Parameters:
  ///   - objective: The scalar.
  ///   - network: The network; nil: the same.
  ///   - feed: What pictures are; nil: the same.
  ///   - shapes: As in `init`.
  /// - Returns: What is explained.
  package func beside(
    _ objective: Objective, in network: Network? = nil, feed: Network.Feed? = nil,
    shapes: [String: Shape]? = nil
  ) -> Explained {
    Explained(
      objective, in: network ?? self.network, pictureShape, feed ?? self.feed, plans.shelf, threads,
      shapes)
  }

  /// The shapes of the graph's values, for one picture.
  ///
  /// - Throws: As the network's `shapes(inputShape:)`.
  func shapes() throws -> [String: Shape] {
    try knownShapes
      ?? plans.value("shapes") { try network.shapes(inputShape: pictureShape) }
  }

  /// A method's map of pictures.
  ///
  /// - Parameters:
  ///   - pictures: N×C×H×W.
  ///   - method: The method.
  ///   - progress: Called with the fraction done, 0…1.
  /// - Returns: What the method returns.
  /// - Throws: What the method throws; `AttributionError.notFinite`, `.notFinitePicture`.
  public func map(
    of pictures: Tensor, by method: any AttributionMethod,
    progress: (Double) -> Void = { _ in }
  ) throws -> Tensor {
    guard pictures.isFinite else { throw AttributionError.notFinitePicture }
    let map = try sharingThreads {
      try method.attribute(pictures, of: self, progress: progress)
    }
    guard map.isFinite else { throw AttributionError.notFinite }
    progress(1)
    return map
  }

  /// Does something whose work on tensors is shared among the same threads as the network's.
  ///
  /// - Throws: What the work throws.
  package func sharingThreads<Result>(_ work: () throws -> Result) rethrows -> Result {
    try plans.sharingThreads(work)
  }

  /// The objective of each picture.
  ///
  /// - Parameter pictures: N×C×H×W.
  /// - Returns: N numbers.
  /// - Throws: `NetworkError`, and what the objective throws.
  public func values(at pictures: Tensor) throws -> [Float] {
    try inBatches(pictures) { [try values(together: $0)] }[0].scalars
  }

  /// The gradient of each picture's objective.
  ///
  /// - Parameters:
  ///   - pictures: N×C×H×W.
  ///   - rule: How gradients pass rectifiers.
  /// - Returns: The shape of `pictures`.
  /// - Throws: `NetworkError`, and what the objective throws.
  public func gradient(at pictures: Tensor, rule: GradientRule = .standard) throws -> Tensor {
    try inBatches(pictures) { [try gradient(together: $0, rule: rule)] }[0]
  }

  /// The gradient of each of as many pictures' objective as go through the network together.
  func gradient(together pictures: Tensor, rule: GradientRule) throws -> Tensor {
    let plan = try plan(pictures.shape[0], rule: rule)
    let slope = try slope(at: pictures, activations: try plan?.forward(pictures) ?? [])
    guard let gradient = try plan?.backward(slope.byActivations) else { return slope.byPicture }
    return slope.byPicture.norm == 0 ? gradient : gradient + slope.byPicture
  }

  // MARK: The objective of what the network shows

  /// The objective of each of as many pictures as go through the network together, of shape (N).
  func values(together pictures: Tensor) throws -> Tensor {
    let plan = try plan(pictures.shape[0], differentiable: false)
    return try values(at: pictures, plan: plan)
  }

  /// The same by a plan.
  func values(at pictures: Tensor, plan: Plan?) throws -> Tensor {
    let activations = try plan?.forward(pictures) ?? []
    return try objective.values(evaluation(([pictures] + activations).map { Variable($0) })).value
  }

  /// The objectives' values and the derivatives of their sum.
  struct Slope {
    let values: [Float]
    /// Through what the objective reads of the pictures themselves.
    let byPicture: Tensor
    /// One a reading, of its shape.
    let byActivations: [Tensor]
  }

  /// The derivatives of the sum of all pictures' objectives.
  func slope(at pictures: Tensor, activations: [Tensor]) throws -> Slope {
    var values: [Float] = []
    let gradients = try valueWithGradient(at: [pictures] + activations) { variables in
      let each = try objective.values(evaluation(variables))
      values = each.value.scalars
      return each.sum()
    }.gradient
    return Slope(
      values: values, byPicture: gradients[0], byActivations: Array(gradients.dropFirst()))
  }

  private func evaluation(_ variables: [Variable]) -> Evaluation {
    Evaluation(
      picture: variables[0], input: variables[0],
      activations: Dictionary(
        uniqueKeysWithValues: zip(objective.readings, variables.dropFirst())))
  }
}
