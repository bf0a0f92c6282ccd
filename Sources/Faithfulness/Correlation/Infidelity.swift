public import Attribution
public import Tensors

/// How badly a map, taken for a gradient, tells what a perturbation does to the scalar.
///
/// `E[(β ⟨I, map⟩ − (f(x) − f(x − I)))²]` over perturbations `I`.
///
/// Source: Yeh et al., "On the (In)fidelity and Sensitivity of Explanations", NeurIPS 2019; Captum's
/// `infidelity`.
public struct Infidelity: Sendable {
  /// What the map is multiplied by before it is compared.
  public enum Scaling: Sendable, Hashable {
    /// Nothing: β = 1.
    case none
    /// The number that makes the infidelity smallest, `β = Σ a d / Σ a²`: Captum's `normalize`.
    case best
    /// The same, and divided by the mean square of the differences: 1 says nothing, 0 says all. It does not
    /// depend on the units of map and scalar.
    case relative
  }

  /// What the map is multiplied by.
  public var scaling: Scaling

  /// Creates the measure.
  public init(_ scaling: Scaling = .relative) { self.scaling = scaling }

  /// The infidelity over normal noise, with its standard error by the jackknife.
  ///
  /// - Parameters:
  ///   - explained: The scalar.
  ///   - picture: 1×C×H×W.
  ///   - map: A number for each of the picture's.
  ///   - noise: The standard deviation of the perturbations, in the picture's units.
  ///   - samples: How many, at least 2.
  ///   - seed: What they follow from.
  /// - Returns: The infidelity; `nil` where no perturbation changed what it is measured by.
  /// - Throws: As `Explained.values(of:)`.
  public func value(
    of explained: Explained, at picture: Tensor, map: Tensor, noise: Float = 0.2,
    samples: Int = 64, seed: UInt64 = 0
  ) throws -> (value: Double, standardError: Double)? {
    let values = try values(
      of: explained, at: picture, noise: noise, samples: samples, seed: seed)
    return value(of: map, at: picture, with: values, noise: noise, seed: seed)
  }

  /// The scalar of the picture, and then of the picture less each perturbation: the same for every map.
  func values(
    of explained: Explained, at picture: Tensor, noise: Float = 0.2, samples: Int = 64,
    seed: UInt64
  ) throws -> [Float] {
    var random = SplitMix64(seed: seed)
    return try explained.sharingThreads {
      try explained.values(of: samples + 1) { index in
        guard index > 0 else { return picture }
        return picture
          - Tensor.normal(picture.shape, standardDeviation: noise, using: &random)
      }
    }
  }

  /// The infidelity of a map by what `values(of:at:)` returned for the same noise and seed.
  func value(
    of map: Tensor, at picture: Tensor, with values: [Float], noise: Float = 0.2, seed: UInt64
  ) -> (value: Double, standardError: Double)? {
    precondition(map.count == picture.count, "Infidelity: \(map.shape) of \(picture.shape)")
    var random = SplitMix64(seed: seed)
    let pairs = values.dropFirst().map { value in
      let noise = Tensor.normal(picture.shape, standardDeviation: noise, using: &random)
      return Pair(said: Self.product(noise, map), done: Double(values[0] - value))
    }
    guard let value = infidelity(pairs) else { return nil }
    return (value, jackknife(pairs.count) { left in infidelity(pairs, without: left) ?? value })
  }

  private static func product(_ perturbation: Tensor, _ map: Tensor) -> Double {
    zip(perturbation.scalars, map.scalars).reduce(0) { $0 + Double($1.0 * $1.1) }
  }

  /// The infidelity over given perturbations.
  ///
  /// - Parameters:
  ///   - explained: The scalar.
  ///   - picture: 1×C×H×W.
  ///   - map: A number for each of the picture's.
  ///   - perturbations: What is subtracted from the picture, N×C×H×W.
  /// - Returns: The infidelity; `nil` where no perturbation changed what it is measured by.
  /// - Throws: As `Explained.values(of:)`.
  public func value(
    of explained: Explained, at picture: Tensor, map: Tensor, perturbations: Tensor
  ) throws -> Double? {
    precondition(map.count == picture.count, "Infidelity: \(map.shape) of \(picture.shape)")
    let all = (0..<perturbations.shape[0]).map { perturbations.gathered([$0], alongAxis: 0) }
    let values = try explained.values(of: all.count + 1) { index in
      index == 0 ? picture : picture - all[index - 1]
    }
    return infidelity(
      zip(all, values.dropFirst()).map {
        Pair(said: Self.product($0, map), done: Double(values[0] - $1))
      })
  }

  /// What the map says of a perturbation and what the scalar does.
  private struct Pair {
    let said: Double
    let done: Double
  }

  private func infidelity(_ pairs: [Pair], without left: Int? = nil) -> Double? {
    var (count, squares, products, differences) = (0.0, 0.0, 0.0, 0.0)
    for (index, pair) in pairs.enumerated() where index != left {
      count += 1
      squares += pair.said * pair.said
      products += pair.said * pair.done
      differences += pair.done * pair.done
    }
    switch scaling {
    case .none: return (squares - 2 * products + differences) / count
    case .best: return squares > 0 ? (differences - products * products / squares) / count : nil
    case .relative:
      return squares > 0 && differences > 0
        ? 1 - products * products / (squares * differences) : nil
    }
  }
}

/// The standard error of a statistic of independent draws, by leaving out one after the other.
///
/// Source: Efron and Stein, "The Jackknife Estimate of Variance", Annals of Statistics 9, 1981.
func jackknife(_ count: Int, _ statistic: (_ left: Int) -> Double) -> Double {
  let values = (0..<count).map(statistic)
  let mean = values.reduce(0, +) / Double(count)
  let squares = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
  return (Double(count - 1) / Double(count) * squares).squareRoot()
}
