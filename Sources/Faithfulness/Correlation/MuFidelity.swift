public import Attribution
public import Tensors

/// Whether what a map says of a set of pixels goes with how far the scalar falls without them.
///
/// Squares of a grid, of a volume boxes, are removed at random; the measure is Spearman's correlation of the fall with the sum of
/// the map over what was removed.
///
/// Source: Bhatt, Weller and Moura, "Evaluating and Aggregating Feature-based Model Explanations", IJCAI 2020;
/// the grid as in xplique.
public struct MuFidelity: Sendable {
  /// How many rows and columns the grid has.
  public var cells: Int
  /// The share of the squares that is removed each time.
  public var removed: Double
  /// How many times.
  public var samples: Int
  /// What the draws follow from.
  public var seed: UInt64

  /// Creates the measure.
  ///
  /// - Parameters:
  ///   - cells: How many rows and columns the grid has.
  ///   - removed: The share of the squares that is removed each time, 0…1.
  ///   - samples: How many times.
  ///   - seed: What the draws follow from.
  public init(cells: Int = 9, removed: Double = 0.2, samples: Int = 200, seed: UInt64 = 0) {
    precondition(
      cells >= 1 && (0...1).contains(removed) && samples >= 2,
      "MuFidelity: \(removed) of \(cells)×\(cells) squares, \(samples) times")
    (self.cells, self.removed, self.samples, self.seed) = (cells, removed, samples, seed)
  }

  /// The correlation over sets drawn at random, with its standard error.
  ///
  /// - Parameters:
  ///   - explained: The scalar.
  ///   - picture: 1×C×H×W.
  ///   - map: H×W; of a volume D×H×W.
  ///   - nothing: What is left where a square is removed, of the picture's shape.
  /// - Returns: −1…1; `nil` where all falls, or all sums, are the same.
  /// - Throws: As `Explained.values(of:)`.
  public func correlation(
    of explained: Explained, at picture: Tensor, map: Tensor, nothing: Tensor
  ) throws -> (value: Double, standardError: Double?)? {
    correlation(of: map, with: try values(of: explained, at: picture, nothing: nothing))
  }

  /// The scalar of the picture, and then without each of the sets drawn at random: the same for every map.
  func values(of explained: Explained, at picture: Tensor, nothing: Tensor) throws -> [Float] {
    let places = explained.places(of: picture)
    return try values(
      of: explained, at: picture, nothing: nothing, keeping: masks(slices: places.slices))
  }

  /// The correlation of a map with what `values(of:at:nothing:)` returned, with its standard error.
  func correlation(
    of map: Tensor, with values: [Float]
  ) -> (value: Double, standardError: Double?)? {
    correlation(of: map, with: values, keeping: masks(slices: map.slices))
      .map { ($0, standardError(ofSpearman: $0, pairs: samples)) }
  }

  /// The correlation over given sets.
  ///
  /// - Parameters:
  ///   - explained: The scalar.
  ///   - picture: 1×C×H×W.
  ///   - map: H×W; of a volume D×H×W.
  ///   - nothing: What is left where a square is removed, of the picture's shape.
  ///   - masks: Which squares stay, `cells`×`cells` a set; of a volume `cells` times as many boxes.
  /// - Returns: −1…1; `nil` where all falls, or all sums, are the same.
  /// - Throws: As `Explained.values(of:)`.
  public func correlation(
    of explained: Explained, at picture: Tensor, map: Tensor, nothing: Tensor,
    keeping masks: [[Bool]]
  ) throws -> Double? {
    let values = try values(of: explained, at: picture, nothing: nothing, keeping: masks)
    return correlation(of: map, with: values, keeping: masks)
  }

  private func correlation(
    of map: Tensor, with values: [Float], keeping masks: [[Bool]]
  ) -> Double? {
    let squares = squares(map.slices, map.shape[-2], map.shape[-1])
    let scalars = map.scalars
    let sums = masks.map { mask in
      let removed = squares.indices.lazy.filter { !mask[squares[$0]] }
      return Float(removed.reduce(0.0) { $0 + Double(scalars[$1]) })
    }
    return spearman(values.dropFirst().map { values[0] - $0 }, sums)
  }

  private func values(
    of explained: Explained, at picture: Tensor, nothing: Tensor, keeping masks: [[Bool]]
  ) throws -> [Float] {
    let places = explained.places(of: picture)
    let squares = squares(places.slices, picture.shape[2], picture.shape[3])
    return try explained.values(of: masks.count + 1) { index in
      guard index > 0 else { return picture }
      let mask = masks[index - 1]
      let removed = squares.indices.filter { !mask[squares[$0]] }
      var result = picture
      for channel in 0..<places.channels {
        result.take(removed.map { places.scalar(of: $0, channel) }, from: nothing)
      }
      return result
    }
  }

  /// The square, or of a volume the box, that each pixel is in.
  private func squares(_ slices: Int, _ height: Int, _ width: Int) -> [Int] {
    (0..<slices * height * width).map { pixel in
      let (slice, rest) = pixel.quotientAndRemainder(dividingBy: height * width)
      return (slice * cells / slices * cells + rest / width * cells / height) * cells
        + rest % width * cells / width
    }
  }

  /// Sets of squares that stay, drawn without bias.
  private func masks(slices: Int) -> [[Bool]] {
    var random = SplitMix64(seed: seed)
    let count = cells * cells * (slices > 1 ? cells : 1)
    let gone = max(1, Int((removed * Double(count)).rounded()))
    return (0..<samples).map { _ in
      var mask = [Bool](repeating: true, count: count)
      for square in (0..<count).shuffled(using: &random).prefix(gone) { mask[square] = false }
      return mask
    }
  }
}

extension Tensor {
  /// The slices of a map, D×H×W; 1 of H×W.
  fileprivate var slices: Int { shape.rank == 3 ? shape[0] : 1 }
}
