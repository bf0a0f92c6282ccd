public import Autodiff
import Optimizers
public import Tensors

/// Pictures as a sum of pictures of many sizes, each spread over the whole.
///
/// `image = colours(Σ spread(level))`: what is large is found in small levels, where a step moves it at once,
/// and detail in large ones. Levels join in from the coarse to the fine over the first half of the steps.
/// Sources: Fort and Whitaker, "Direct Ascent Synthesis", 2025 (all sizes); Cazenavette et al.,
/// arXiv 2511.16674 (sizes that double).
public struct PyramidImage: Parameterization {
  /// The shape of the pictures: (batch, channels, height, width).
  public let shape: Shape

  /// The sizes of the levels, the coarsest first.
  public let levels: [PictureSize]

  /// The standard deviation of the first values.
  public let standardDeviation: Float

  /// From unbounded values to values in 0…1.
  public let colors: ColorMapping

  /// After which share of the steps all levels take part; 0: from the start.
  public let arrival: Double

  /// What spreads each level: `rows · level · columns`.
  private let spreading: [(rows: Tensor, columns: Tensor)]

  /// Creates the parameterization.
  ///
  /// - Parameters:
  ///   - shape: The shape of the pictures: (batch, channels, height, width).
  ///   - levels: The sizes of the levels, the coarsest first; nil: 1, 2, 4, … along the longer side, and the
  ///     picture's own.
  ///   - standardDeviation: Of the first values.
  ///   - colors: From unbounded values to values in 0…1.
  ///   - arrival: After which share of the steps all levels take part.
  public init(
    _ shape: Shape, levels: [PictureSize]? = nil, standardDeviation: Float = 0.01,
    colors: ColorMapping = ColorMapping(), arrival: Double = 0.5
  ) {
    self.init(
      shape, levels: levels ?? Self.octaves(of: shape), standardDeviation: standardDeviation,
      colors: colors, arrival: arrival, .bilinear)
  }

  init(
    _ shape: Shape, levels: [PictureSize], standardDeviation: Float, colors: ColorMapping,
    arrival: Double, _ interpolation: Interpolation
  ) {
    (self.shape, self.levels, self.standardDeviation) = (shape, levels, standardDeviation)
    (self.colors, self.arrival) = (colors, arrival)
    spreading = levels.map { level in
      (
        interpolation.matrix(from: level.height, to: shape[2]),
        interpolation.matrix(from: level.width, to: shape[3]).transposedMatrices()
      )
    }
  }

  /// The original: every size from one pixel to the picture's own, bicubic, red, green and blue as they are.
  ///
  /// For a picture of 224×224 these are 11 million numbers, and 90 MB with what spreads them.
  public static func everySize(_ shape: Shape) -> PyramidImage {
    let side = max(shape[2], shape[3])
    return PyramidImage(
      shape, levels: (1...side).map { size(of: shape, side: $0) }, standardDeviation: 0,
      colors: ColorMapping(decorrelated: false, bounds: .tanh), arrival: 0, .bicubic)
  }

  /// 1, 2, 4, … along the longer side, and the whole.
  private static func octaves(of shape: Shape) -> [PictureSize] {
    let side = max(shape[2], shape[3])
    let smaller = sequence(first: 1) { 2 * $0 }.prefix { $0 < side }
    return (smaller + [side]).map { size(of: shape, side: $0) }
  }

  /// The picture's size, reduced to a longer side.
  private static func size(of shape: Shape, side: Int) -> PictureSize {
    let longer = max(shape[2], shape[3])
    func reduced(_ extent: Int) -> Int { max(1, (extent * side + longer / 2) / longer) }
    return PictureSize(height: reduced(shape[2]), width: reduced(shape[3]))
  }

  /// Independent normal draws.
  ///
  /// - Parameter random: The source of randomness.
  /// - Returns: One tensor a level, (batch, channels, height, width).
  public func initialParameters(using random: inout some RandomNumberGenerator) -> [Tensor] {
    levels.map {
      .normal(
        [shape[0], shape[1], $0.height, $0.width], standardDeviation: standardDeviation,
        using: &random)
    }
  }

  /// The picture in the finest level and nothing in the others.
  ///
  /// - Parameter picture: Values in 0…1, of the shape `shape`.
  /// - Returns: One tensor a level.
  public func parameters(fitting picture: Tensor) -> [Tensor] {
    precondition(picture.shape == shape, "PyramidImage: \(picture.shape) is not \(shape)")
    let coarse = levels.dropLast().map { Tensor([shape[0], shape[1], $0.height, $0.width]) }
    return coarse + [colors.inverse(picture)]
  }

  /// The pictures that belong to levels.
  ///
  /// - Parameter parameters: One variable a level.
  /// - Returns: Values in 0…1, of the shape `shape`.
  public func image(_ parameters: [Variable]) -> Variable { colors(unbounded(parameters)) }

  /// The pictures before colours are mapped.
  func unbounded(_ parameters: [Variable]) -> Variable {
    let spread = parameters.indices.map { i in
      let level = parameters[i]
      if level.shape == shape { return level }
      return matmul(
        matmul(Variable(spreading[i].rows), level), Variable(spreading[i].columns))
    }
    return spread.dropFirst().reduce(spread[0]) { $0 + $1 }
  }

  /// The levels that have joined in, the coarsest first.
  public func moving(afterShare share: Double) -> Range<Int> {
    guard arrival > 0 else { return 0..<levels.count }
    let joined = Int((share / arrival * Double(levels.count)).rounded(.down)) + 1
    return 0..<min(joined, levels.count)
  }
}

extension PyramidImage {
  /// What it is called.
  static let named = NamedParameterization(
    "pyramid", help: "sums of pictures of 1, 2, 4, … pixels, coarse to fine, by several views",
    suits: ["transforms": "views", "steps": "64"]
  ) { ascent, recipe in
    recipe.levels == "all" ? PyramidImage.everySize(ascent.shape) : PyramidImage(ascent.shape)
  }
}
