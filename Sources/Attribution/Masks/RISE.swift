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
    masks: Int = 4000, cells: Int = 7, density: Double = 0.5, baseline: Baseline = .zero,
    seed: UInt64 = 0, batch: Int = 1
  ) {
    precondition(cells >= 1, "RISE: \(cells) cells")
    precondition(density > 0 && density < 1, "RISE: a density of \(density)")
    precondition(batch >= 1, "RISE: batches of \(batch)")
    (self.masks, self.cells, self.density) = (masks, cells, density)
    (self.baseline, self.seed, self.batch) = (baseline, seed, batch)
  }

  /// Explains pictures: N×1×H×W.
  ///
  /// - Throws: `AttributionError.samplesBelow`, and what evaluating the objective throws.
  public func estimate(
    _ pictures: Tensor, of explained: Explained, progress: (Double) -> Void
  ) throws -> MapEstimate {
    try explained.requirePictures(for: "RISE", orSignals: true)
    guard masks >= 2 else { throw AttributionError.samplesBelow(masks, least: 2) }
    return try baseline.tensors(for: pictures, of: explained).map(reporting: progress) {
      baseline, progress in
      try (0..<pictures.shape[0]).map(reporting: progress) { sample, progress in
        try estimate(
          pictures.gathered([sample], alongAxis: 0), baseline.gathered([sample], alongAxis: 0),
          explained, progress)
      }.concatenated
    }.mean
  }

  /// The map of one picture, 1×C×H×W.
  private func estimate(
    _ picture: Tensor, _ nothing: Tensor, _ explained: Explained, _ progress: (Double) -> Void
  ) throws -> MapEstimate {
    let (height, width) = (picture.shape[2], picture.shape[3])
    let source = RISEMasks(
      cells: cells, density: density, height: height, width: width, seed: seed)
    let seen = picture - nothing
    var sums = MaskSums(pixels: height * width)
    var waiting: [Int: [Float]] = [:]
    try explained.values(of: masks, batch: batch, progress: progress) { number in
      let mask = source.mask(number)
      waiting[number] = mask
      return nothing + seen * Tensor([height, width], mask)
    } use: { number, value in
      if let mask = waiting.removeValue(forKey: number) { sums.add(mask, Double(value)) }
    }
    let (map, error) = sums.estimate()
    let shape: Shape = [1, 1, height, width]
    return MapEstimate(mean: Tensor(shape, map), standardError: Tensor(shape, error))
  }
}

extension RegisteredMethod {
  static let rise = RegisteredMethod(
    "rise", "what the unit is on average where random masks show a pixel", shows: .signed,
    takes: [.samples, .seed, .baseline]
  ) {
    RISE(
      masks: $0.samples ?? 4000, baseline: $0.baseline(or: .zero), seed: $0.seedOrZero)
  }
}
