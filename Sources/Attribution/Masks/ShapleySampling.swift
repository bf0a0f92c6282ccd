import Tensors

/// Shapley values from orders of the parts that are drawn at random.
///
/// The parts are added to the baseline in an order, and each gets what the objective rises when its turn comes;
/// the mean over the orders. In each order, and so in the mean, the numbers add up to
/// `f(picture) − f(baseline)`. It takes `orders × (parts − 1)` pictures.
///
/// Source: Castro, Gómez and Tejada, "Polynomial calculation of the Shapley value based on sampling", 2009;
/// captum, `ShapleyValueSampling`, whose 25 orders these are.
public struct ShapleySampling: CompletePartMethod {
  /// How pictures are cut up.
  public var parts: Parts
  /// What lies where a part is missing.
  public var baseline: Baseline
  /// How many orders are drawn, at least 2.
  public var orders: Int
  /// What the orders follow from.
  public var seed: UInt64
  /// How many pictures run through the network at a time.
  public var batch: Int

  /// Creates the method.
  ///
  /// - Parameters:
  ///   - parts: How pictures are cut up.
  ///   - baseline: What lies where a part is missing.
  ///   - orders: How many orders are drawn, at least 2.
  ///   - seed: What the orders follow from.
  ///   - batch: How many pictures run through the network at a time.
  public init(
    parts: Parts = .superpixels(50), baseline: Baseline = .zero, orders: Int = 25,
    seed: UInt64 = 0, batch: Int = 1
  ) {
    precondition(batch >= 1, "ShapleySampling: batches of \(batch)")
    (self.parts, self.baseline, self.orders) = (parts, baseline, orders)
    (self.seed, self.batch) = (seed, batch)
  }

  /// The mean rise at each part's turn.
  ///
  /// - Throws: `AttributionError.samplesBelow`, and what evaluating the objective throws.
  public func scores(
    _ game: CoalitionGame, progress: (Double) -> Void
  ) throws -> PartScores {
    guard orders >= 2 else { throw AttributionError.samplesBelow(orders, least: 2) }
    let ends = try game.ends()
    let inner = game.parts - 1
    let values = try game.values(of: orders * inner, progress: progress) { number in
      var isShown = [Bool](repeating: false, count: game.parts)
      for part in order(number / inner, of: game.parts).prefix(number % inner + 1) {
        isShown[part] = true
      }
      return Coalition(isShown)
    }
    var sums = [Double](repeating: 0, count: game.parts)
    var squares = sums
    for number in 0..<orders {
      let path =
        [ends.nothing] + values[number * inner..<(number + 1) * inner] + [ends.everything]
      for (step, part) in order(number, of: game.parts).enumerated() {
        let rise = path[step + 1] - path[step]
        sums[part] += rise
        squares[part] += rise * rise
      }
    }
    let count = Double(orders)
    return PartScores(
      sums.map { $0 / count },
      standardErrors: zip(sums, squares).map { sum, square in
        (max(square / count - (sum / count) * (sum / count), 0) / (count - 1)).squareRoot()
      })
  }

  private func order(_ number: Int, of parts: Int) -> [Int] {
    var random = SplitMix64(seed: seed, draw: number)
    return (0..<parts).shuffled(using: &random)
  }
}

extension RegisteredMethod {
  static let shapleySampling = RegisteredMethod(
    "shapley-sampling", "what each part adds, over some orders of adding them", shows: .signed,
    takes: [.samples, .seed, .baseline, .parts]
  ) {
    ShapleySampling(
      parts: $0.parts ?? .superpixels(50), baseline: $0.baseline(or: .zero),
      orders: $0.samples ?? 25, seed: $0.seedOrZero)
  }
}
