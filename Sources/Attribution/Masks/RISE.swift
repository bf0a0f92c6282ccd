public import Tensors

/// What the objective is on average where a pixel is seen, less what it is on average: randomized input
/// sampling.
///
/// Masks `m` of `RISEMasks` mix the picture with the baseline, and with `f` the objective of what they show, a
/// pixel has `Σ f m / Σ m − mean f`. The paper divides by the expectation of `Σ m` instead, which adds noise
/// where few masks fall, and has the mean within the map: there every pixel of a large objective is large.
///
/// Source: Petsiuk, Das and Saenko, "RISE: Randomized Input Sampling for Explanation of Black-box Models",
/// BMVC 2018; 4,000 masks of 7×7 cells, half of them on, as there. Its objective is a softmax's probability,
/// any is taken here.
public struct RISE: RandomMethod {
  /// How many masks.
  public var masks: Int
  /// Cells along each side of a mask.
  public var cells: Int
  /// The probability of a cell to show the picture.
  public var density: Double
  /// What lies where the picture is not shown.
  public var baseline: Baseline
  /// What the masks follow from.
  public var seed: UInt64
  /// How many pictures run through the network at a time.
  public var batch: Int

  /// Creates the method.
  ///
  /// - Parameters:
  ///   - masks: How many masks, at least 2.
  ///   - cells: Cells along each side of a mask, at least 1.
  ///   - density: The probability of a cell to show the picture, above 0 and below 1.
  ///   - baseline: What lies where the picture is not shown.
  ///   - seed: What the masks follow from.
  ///   - batch: How many pictures run through the network at a time.
  public init(
    masks: Int = 4000, cells: Int = 7, density: Double = 0.5, baseline: Baseline = 0.0,
    seed: UInt64 = 0, batch: Int = 8
  ) {
    precondition(masks >= 2, "RISE: \(masks) masks")
    precondition(cells >= 1, "RISE: \(cells) cells")
    precondition(density > 0 && density < 1, "RISE: a density of \(density)")
    precondition(batch >= 1, "RISE: batches of \(batch)")
    (self.masks, self.cells, self.density) = (masks, cells, density)
    (self.baseline, self.seed, self.batch) = (baseline, seed, batch)
  }

  /// Explains pictures: N×1×H×W.
  public func estimate(
    _ pictures: Tensor, of explained: Explained, progress: (Double) -> Void
  ) throws -> Estimate {
    let shape = pictures.shape
    precondition(shape.rank == 4, "RISE: an input of \(shape)")
    let baseline = baseline.tensor(shape)
    let source = RISEMasks(
      cells: cells, density: density, height: shape[2], width: shape[3], seed: seed)
    var (maps, errors): ([Tensor], [Tensor]) = ([], [])
    for sample in 0..<shape[0] {
      let picture = pictures.gathered([sample], alongAxis: 0)
      let nothing = baseline.gathered([sample], alongAxis: 0)
      var sums = MaskSums(pixels: shape[2] * shape[3])
      var waiting: [Int: [Float]] = [:]
      try explained.values(of: masks, batch: batch) {
        progress((Double(sample) + $0) / Double(shape[0]))
      } _: { number in
        let mask = source.mask(number)
        waiting[number] = mask
        return nothing + (picture - nothing) * Tensor([shape[2], shape[3]], mask)
      } use: { number, value in
        if let mask = waiting.removeValue(forKey: number) { sums.add(mask, Double(value)) }
      }
      let (map, error) = sums.estimate()
      maps.append(Tensor([1, 1, shape[2], shape[3]], map))
      errors.append(Tensor([1, 1, shape[2], shape[3]], error))
    }
    return Estimate(map: .concatenate(maps), standardError: .concatenate(errors))
  }
}

extension RegisteredMethod {
  static let rise = RegisteredMethod(
    "rise", "what the unit is on average where random masks show a pixel", shows: .signed,
    takes: [.seed]
  ) { RISE(seed: $0.seed) }
}
