/// How much of the objective's variance each part of the picture has a share in, alone or with others: total
/// Sobol indices.
///
/// Each part is mixed with the baseline in a share from 0 to 1. With designs `A` and `B` of shares, spread
/// evenly, and `C_i` the design `A` with the shares of part `i` from `B`,
/// `mean (f(A) − f(C_i))² / (2 Var f(A))` (Jansen's estimator). The numbers have no unit and no sign. It takes
/// `designs × (parts + 1)` pictures.
///
/// Source: Fel et al., "Look at the Variance! Efficient Black-box Explanations with Sobol-based Sensitivity
/// Analysis", NeurIPS 2021; 8×8 cells and 32 rows a design as there. The paper's designs are a Sobol sequence, whose
/// later axes go up and down together in as few rows; here they are Latin hypercubes, as even along each axis. It
/// also enlarges the cells' numbers smoothly; here each pixel has its part's.
public struct SobolIndices: PartMethod {
  /// How pictures are cut up.
  public var parts: Parts
  /// What parts are mixed with.
  public var baseline: Baseline
  /// How many rows each design has, at least 2; a power of two fills the cube evenly.
  public var designs: Int
  /// What the designs follow from.
  public var seed: UInt64
  /// How many pictures run through the network at a time.
  public var batch: Int

  /// Creates the method.
  ///
  /// - Parameters:
  ///   - parts: How pictures are cut up.
  ///   - baseline: What parts are mixed with.
  ///   - designs: How many rows each design has, at least 2; a power of two fills the cube evenly.
  ///   - seed: What the designs follow from.
  ///   - batch: How many pictures run through the network at a time.
  public init(
    parts: Parts = .grid(rows: 8, columns: 8), baseline: Baseline = .zero, designs: Int = 32,
    seed: UInt64 = 0, batch: Int = 1
  ) {
    precondition(batch >= 1, "SobolIndices: batches of \(batch)")
    (self.parts, self.baseline, self.designs) = (parts, baseline, designs)
    (self.seed, self.batch) = (seed, batch)
  }

  /// The total indices; zeros where the objective does not vary.
  ///
  /// The standard errors leave out that of the variance, which all parts share.
  ///
  /// - Throws: `AttributionError.samplesBelow`, and what evaluating the objective throws.
  public func scores(
    _ game: CoalitionGame, progress: (Double) -> Void
  ) throws -> PartScores {
    guard designs >= 2 else { throw AttributionError.samplesBelow(designs, least: 2) }
    let count = game.parts
    // The first half of the axes makes A, the second B.
    let points = LatinHypercube(count: designs, axes: 2 * count, seed: seed)
    let values = try game.explained.values(
      of: designs * (count + 1), batch: game.batch, progress: progress
    ) { number in
      let (swapped, row) = (number / designs - 1, number % designs)
      return game.picture(
        showing: (0..<count).map {
          points.coordinate($0 == swapped ? count + $0 : $0, of: row)
        })
    }.map(Double.init)
    let first = values[..<designs]
    let mean = first.reduce(0, +) / Double(designs)
    let variance =
      first.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(designs - 1)
    guard variance > 0 else { return PartScores([Double](repeating: 0, count: count)) }
    let terms = (1...count).map { part in
      (0..<designs).map { row -> Double in
        let change = values[row] - values[part * designs + row]
        return change * change / (2 * variance)
      }
    }
    let indices = terms.map { $0.reduce(0, +) / Double(designs) }
    let errors = zip(terms, indices).map { terms, index in
      let squares = terms.reduce(0) { $0 + ($1 - index) * ($1 - index) }
      return (squares / Double(designs * (designs - 1))).squareRoot()
    }
    return PartScores(indices, standardErrors: errors)
  }
}

extension RegisteredMethod {
  static let sobol = RegisteredMethod(
    "sobol", "each part's share in the unit's variance when parts fade",
    takes: [.samples, .seed, .baseline, .parts]
  ) {
    SobolIndices(
      parts: $0.parts ?? .grid(rows: 8, columns: 8), baseline: $0.baseline(or: .zero),
      designs: $0.samples ?? 32, seed: $0.seedOrZero)
  }
}
