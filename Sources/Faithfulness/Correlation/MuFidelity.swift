public import Attribution
public import Tensors

/// Whether what a map says of a set of pixels goes with how far the scalar falls without them.
///
/// Squares of a grid are removed at random; the measure is Spearman's correlation of the fall with the sum of
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
  ///   - map: H×W.
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
    try values(of: explained, at: picture, nothing: nothing, keeping: masks())
  }

  /// The correlation of a map with what `values(of:at:nothing:)` returned, with its standard error.
  func correlation(
    of map: Tensor, with values: [Float]
  ) -> (value: Double, standardError: Double?)? {
    correlation(of: map, with: values, keeping: masks())
      .map { ($0, standardError(ofSpearman: $0, pairs: samples)) }
  }

  /// The correlation over given sets.
  ///
  /// - Parameters:
  ///   - explained: The scalar.
  ///   - picture: 1×C×H×W.
  ///   - map: H×W.
  ///   - nothing: What is left where a square is removed, of the picture's shape.
  ///   - masks: Which squares stay, `cells`×`cells` a set.
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
    let squares = squares(height: map.shape[-2], width: map.shape[-1])
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
    let channels = picture.shape[1]
    let squares = squares(height: picture.shape[2], width: picture.shape[3])
    return try explained.values(of: masks.count + 1) { index in
      guard index > 0 else { return picture }
      let mask = masks[index - 1]
      let removed = squares.indices.filter { !mask[squares[$0]] }
      var result = picture
      for channel in 0..<channels {
        result.take(removed.map { channel * squares.count + $0 }, from: nothing)
      }
      return result
    }
  }

  /// The square that each pixel is in.
  private func squares(height: Int, width: Int) -> [Int] {
    (0..<height * width).map { pixel in
      pixel / width * cells / height * cells + pixel % width * cells / width
    }
  }

  /// Sets of squares that stay, drawn without bias.
  private func masks() -> [[Bool]] {
    var random = SplitMix64(seed: seed)
    let count = cells * cells
    let gone = max(1, Int((removed * Double(count)).rounded()))
    return (0..<samples).map { _ in
      var mask = [Bool](repeating: true, count: count)
      for square in (0..<count).shuffled(using: &random).prefix(gone) { mask[square] = false }
      return mask
    }
  }
}
