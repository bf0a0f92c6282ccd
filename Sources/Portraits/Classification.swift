public import Networks
public import Tensors

/// A class that a network sees in a picture, and how surely.
public struct Classification: Sendable {
  /// The logit.
  public let index: Int
  /// The logit's value.
  public let logit: Float
  /// What the network itself makes of it, by a softmax or a sigmoid; where the file has neither, its softmax
  /// among all, and nil where nothing says that the numbers are logits of classes.
  public let probability: Float?
  /// Whether the logit is the probability itself, because the file has nothing before that.
  public var isOwnProbability = false
  /// The share of a segmenter's map that it takes for the class, 0…1; nil of other networks.
  public var share: Float?
  /// What the numbers are that it is one of: classes, or the one value that the network ends in.
  public var numbers = NumberKind.classes

  /// All classes, the surest first.
  ///
  /// - Parameters:
  ///   - values: One number a class, of one picture.
  ///   - logits: What they are.
  /// - Returns: As many classes.
  static func all(_ values: [Float], _ logits: Network.Logits) -> [Classification] {
    let probabilities = logits.probabilities(values)
    let areOwn = probabilities == values
    return values.indices.map { index in
      Classification(
        index: index, logit: values[index], probability: probabilities?[index],
        isOwnProbability: areOwn, numbers: logits.kind)
    }.sorted { ($1.logit, $0.index) < ($0.logit, $1.index) }
  }
}

extension Network {
  /// What the network sees in a picture, the surest first; nothing where it is no classifier.
  ///
  /// - Parameters:
  ///   - input: 1×C×H×W.
  ///   - shapes: What `shapes(inputShape:)` returned.
  ///   - feed: What `input` is.
  ///   - threads: How many threads share the work.
  /// - Returns: A class for every logit.
  /// - Throws: `NetworkError`.
  public func classes(
    of input: Tensor, shapes: [String: Shape], feed: Feed, threads: Int
  ) throws -> [Classification] {
    guard let logits = logits(in: shapes) else {
      guard let scores = classScores(in: shapes) else { return [] }
      return try classes(of: input, by: scores, feed: feed, threads: threads)
    }
    guard logits.haveClasses else { return [] }
    let plan = try plan(
      inputShape: input.shape, readings: [Reading(.value(logits.value))], feed: feed,
      differentiable: false, threads: threads)
    return Classification.all(try plan.forward(input)[0].scalars, logits)
  }

  /// What a detector or a segmenter sees: each class by the place where it is surest.
  private func classes(
    of input: Tensor, by scores: ClassScores, feed: Feed, threads: Int
  ) throws -> [Classification] {
    let plan = try plan(
      inputShape: input.shape, readings: scores.sources.map { Reading(.value($0)) }, feed: feed,
      differentiable: false, threads: threads)
    let values = try plan.forward(input)
    let confidences = ClassConfidences(scores, values: values)
    let isSure = scores.link != .none && scores.link != .other
    let objectness = scores.objectness(in: values)
    let shares = scores.shares(in: values)
    let found = (0..<scores.count).map { index in
      let own = scores.scores(of: index, in: values)
      let ranks = ClassScores.ranks(own, objectness)
      let best = ClassScores.best(of: ranks, 1).first
      let one = Classification(
        index: index, logit: best.map { own[$0] } ?? 0,
        probability: isSure ? confidences.of(index).max() : nil, share: shares?[index])
      return (one: one, rank: best.map { ranks[$0] } ?? 0)
    }
    return found.sorted { ($1.rank, $0.one.index) < ($0.rank, $1.one.index) }.map(\.one)
  }

  /// How sure the network is of a class, on average over pictures.
  ///
  /// - Parameters:
  ///   - logit: The class.
  ///   - pictures: N×C×H×W in 0…1.
  ///   - threads: How many threads share the work.
  /// - Returns: 0…1; nil where the network is no classifier, or its number no probability.
  /// - Throws: `NetworkError`.
  func probability(of logit: Int, in pictures: Tensor, threads: Int) throws -> Float? {
    try probabilities(in: pictures, threads: threads)?[logit]
  }

  /// How sure the network is of each class, on average over pictures.
  ///
  /// - Parameters:
  ///   - pictures: N×C×H×W in 0…1.
  ///   - threads: How many threads share the work.
  /// - Returns: One a class, in 0…1; nil where the network is no classifier, or its number no probability.
  /// - Throws: `NetworkError`.
  func probabilities(in pictures: Tensor, threads: Int) throws -> [Float]? {
    let shape = Shape([1] + pictures.shape.dimensions.dropFirst())
    guard let logits = logits(in: try shapes(inputShape: shape)) else { return nil }
    let plan = try plan(
      inputShape: shape, readings: [Reading(.value(logits.value))], feed: .picture(preparation),
      differentiable: false, threads: threads)
    let count = pictures.shape[0]
    var sums = [Float](repeating: 0, count: logits.count)
    for index in 0..<count {
      let one = pictures.sliced([index..<index + 1] + shape.dimensions.dropFirst().map { 0..<$0 })
      guard let probabilities = logits.probabilities(try plan.forward(one)[0].scalars) else {
        return nil
      }
      for (index, probability) in probabilities.enumerated() { sums[index] += probability }
    }
    return sums.map { $0 / Float(count) }
  }
}

extension ClassScores {
  /// The share of a segmenter's map that it takes for each class, where its score is the highest, or of a single one above
  /// 0.
  ///
  /// - Parameter values: What `sources` are of one picture, as the graph has them.
  /// - Returns: One a class; nil where it is no segmenter's.
  func shares(in values: [Tensor]) -> [Float]? {
    guard task == .segmentation else { return nil }
    let head = heads[0]
    let value = head.order.map { values[0].transposed($0) } ?? values[0]
    let channels = value.shape[head.axis]
    let inner = value.shape.dimensions.dropFirst(head.axis + 1).reduce(1, *)
    let places = value.count / max(1, channels)
    var highest = [Float](repeating: channels == 1 ? 0 : -.infinity, count: places)
    var taken = [Int](repeating: -1, count: places)
    value.withUnsafeBufferPointer { scores in
      highest.withUnsafeMutableBufferPointer { highest in
        taken.withUnsafeMutableBufferPointer { taken in
          for row in 0..<scores.count / max(1, inner) {
            let (channel, first) = (row % channels, row / channels * inner)
            for place in 0..<inner where scores[row * inner + place] > highest[first + place] {
              highest[first + place] = scores[row * inner + place]
              taken[first + place] = channel
            }
          }
        }
      }
    }
    var counts = [Int](repeating: 0, count: channels)
    for channel in taken where channel >= 0 { counts[channel] += 1 }
    return (0..<count).map { Float(counts[head.first + $0]) / Float(max(1, places)) }
  }
}
