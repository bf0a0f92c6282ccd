import Autodiff
import Networks
import Tensors

/// What a plan computes of a random graph, beside what the walk over its nodes does.
struct ValueComparison {
  /// What is read, and whose gradients are looked at.
  struct Question {
    let name: String
    var channels: [Int]?
    var rule = TapeWalk.Rule.standard
    var observing: [String] = []
    /// Whether one number alone is asked for.
    var isOneNumber = false
  }

  /// How a comparison ended.
  enum Outcome: Equatable {
    case agrees
    /// The numbers are not settled: rounding alone changes them.
    case unsettled
    case differs(String)
  }

  /// What rounding each operation to single precision may do, relative to the size of the terms that a tensor
  /// is the sum of, its own where nothing cancels.
  private static let tolerance = 2e-5
  /// The most of that size that imitated rounding, ten times as large, may change, for numbers to count as
  /// settled.
  private static let settled = 1e-3

  /// The graph as it was made.
  let graph: Graph
  /// The same as a network, recognized and turned.
  let network: Network
  private let input: Tensor
  private let number: Int

  /// - Parameters:
  ///   - graph: A graph of one input, `x`.
  ///   - input: Its value, as the graph has it.
  ///   - number: What further inputs and gradients follow from.
  init(_ graph: Graph, at input: Tensor, number: Int = 0) {
    (self.graph, self.input, self.number) = (graph, input, number)
    network = Network(graph: graph)
  }

  /// Compares at up to four inputs, until one at which the numbers are settled.
  ///
  /// At a kink (a rectifier's input that is 0 but for rounding, two numbers that are nearly the largest) both
  /// sides may be right and differ; there, imitated rounding changes the walk's own answer. Where terms cancel,
  /// as in the gradient of a mean of what was normalized, rounding is as large as that of the terms.
  func outcome(_ question: Question) throws -> Outcome {
    var random = SplitMix64(seed: UInt64(number) &* 31 &+ 5)
    for attempt in 0..<4 {
      let input = attempt == 0 ? self.input : Tensor.normal(self.input.shape, using: &random)
      let seed = random.next()
      let expected = try walked(question, at: input, seed: seed)
      let computed = try planned(question, at: input, seed: seed)
      guard let found = Self.distances(computed, expected) else {
        return .differs("\(question): the parts or shapes differ")
      }
      let sizes = expected.map { Double($0?.norm ?? 0) }
      if zip(found, sizes).allSatisfy({ $0 <= Self.tolerance * $1 }) { return .agrees }
      let terms = try walked(question, at: input, seed: seed, terms: SplitMix64(seed: seed))
      let scales = zip(sizes, terms).map { max($0, Double($1?.norm ?? 0), 1e-20) }
      let rounding = try rounding(question, input, seed, expected)
      if zip(rounding, scales).contains(where: { $0 > Self.settled * $1 }) { continue }
      for part in found.indices
      where found[part] > max(Self.tolerance * scales[part], 10 * rounding[part]) {
        return .differs(
          "\(question): part \(part) of size \(sizes[part]), made of terms of \(scales[part]), differs by "
            + "\(found[part]), where rounding makes \(rounding[part])")
      }
      return .agrees
    }
    return .unsettled
  }

  /// How much imitated rounding changes each part of the walk's answer.
  private func rounding(
    _ question: Question, _ input: Tensor, _ seed: UInt64, _ expected: [Tensor?]
  ) throws -> [Double] {
    var largest = expected.map { _ in 0.0 }
    for draw in 0..<3 {
      for sign: Float in [1, -1] {
        let noisy = try walked(
          question, at: input, seed: seed, noise: SplitMix64(seed: seed &+ UInt64(draw)),
          noiseSign: sign)
        let found = Self.distances(noisy, expected) ?? expected.map { _ in .infinity }
        largest = zip(largest, found).map { max($0, $1) }
      }
    }
    return largest
  }

  /// How far each part is from the other side's; nil where their shapes differ.
  private static func distances(_ a: [Tensor?], _ b: [Tensor?]) -> [Double]? {
    guard a.count == b.count else { return nil }
    var distances: [Double] = []
    for (a, b) in zip(a, b) {
      guard let shape = a?.shape ?? b?.shape else {
        distances.append(0)
        continue
      }
      let (a, b) = (a ?? Tensor(shape), b ?? Tensor(shape))
      guard a.shape == b.shape else { return nil }
      distances.append(Double((a - b).norm))
    }
    return distances
  }

  /// The axis that the network takes for a value's channels.
  func channelAxis(of name: String, _ shape: Shape) -> Int {
    network.hasChannelsLast(name) && (3...4).contains(shape.rank) ? shape.rank - 1 : 1
  }

  /// The values that a value is made of: what lies within a pattern that is recognized as one operator is none.
  func observable(before name: String) -> [String] {
    let made = Set(network.graph.needed(for: [name]).flatMap(\.outputs))
    return graph.nodes.filter { $0.type != "Shape" }.flatMap(\.outputs).filter(made.contains)
  }

  // MARK: Both sides

  /// The cotangent of what is read.
  private func cotangent(_ shape: Shape, _ question: Question, seed: UInt64) -> Tensor {
    var random = SplitMix64(seed: seed)
    let all = Tensor.normal(shape, using: &random)
    guard question.isOneNumber else { return all }
    var one = [Float](repeating: 0, count: shape.count)
    one[Int(seed % UInt64(max(1, shape.count)))] = 1
    return Tensor(shape, one)
  }

  /// The value, the input's gradient, the gradients of what is observed.
  private func planned(_ question: Question, at input: Tensor, seed: UInt64) throws -> [Tensor?] {
    let turned = network.isChannelsLast ? input.transposed([0, 3, 1, 2]) : input
    let plan = try network.plan(
      inputShape: turned.shape,
      readings: [Reading(.value(question.name), channels: question.channels)], feed: .raw,
      rule: question.rule.gradientRule, observing: question.observing.map { .value($0) },
      threads: 1)
    let value = try plan.forward(turned)[0]
    let gradient = try plan.backward([cotangent(value.shape, question, seed: seed)])
    return [value, network.isChannelsLast ? gradient.transposed([0, 2, 3, 1]) : gradient]
      + question.observing.indices.map { plan.observedGradient($0) }
  }

  /// The same of the walk; with `terms`, in the gradients' places the terms that they are sums of.
  private func walked(
    _ question: Question, at input: Tensor, seed: UInt64, noise: SplitMix64? = nil,
    noiseSign: Float = 1, terms: SplitMix64? = nil
  ) throws -> [Tensor?] {
    let walk = try TapeWalk(graph, at: input, noise: noise, noiseSign: noiseSign)
    guard let whole = walk.values[question.name] else {
      throw NetworkError.missingValue(question.name)
    }
    let (value, spread) = arranged(whole, question)
    let seed = spread(cotangent(value.shape, question, seed: seed))
    let gradients = walk.gradients([question.name: seed], question.rule, signs: terms)
    return [value, gradients["x"]] + question.observing.map { gradients[$0] }
  }

  /// Some channels of a value with the channels at axis 1, and the way back to the whole.
  private func arranged(
    _ whole: Tensor, _ question: Question
  ) -> (value: Tensor, spread: (Tensor) -> Tensor) {
    guard let channels = question.channels else { return (whole, { $0 }) }
    let last = channelAxis(of: question.name, whole.shape)
    guard last > 1 else {
      return (
        whole.gathered(channels, alongAxis: 1),
        { $0.scattered(channels, alongAxis: 1, extent: whole.shape[1]) }
      )
    }
    let order = [0, last] + Array(1..<last)
    return (
      whole.gathered(channels, alongAxis: last).transposed(order),
      { cotangent in
        let back = [0] + Array(2...last) + [1]
        return cotangent.transposed(back)
          .scattered(channels, alongAxis: last, extent: whole.shape[last])
      }
    )
  }
}

extension TapeWalk.Rule {
  var gradientRule: GradientRule {
    switch self {
    case .standard: .standard
    case .guided: .guided
    case .deconvolution: .deconvolution
    case .redirected: .redirected
    }
  }
}
