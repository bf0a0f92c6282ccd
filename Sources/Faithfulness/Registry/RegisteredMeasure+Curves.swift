import Attribution
import Tensors

extension RegisteredMeasure {
  /// Steps of a curve: fewer than RISE's one row each, at the same area within its own scatter.
  private static let steps = 32

  static let deletion = RegisteredMeasure(
    "deletion", heading: "del", "area under the probability as important pixels go, by RISE",
    better: .lower, ranks: true, work: Work(values: steps + 1)
  ) { explanation in
    let picture = explanation.picture
    let curve = try Deletion(steps: .equal(steps)).curve(
      of: try picture.classProbability, at: picture.picture, order: explanation.order,
      nothing: picture.nothing)
    return Measurement(curve.area, parts: curve.values)
  }

  static let insertion = RegisteredMeasure(
    "insertion", heading: "ins",
    "area under the probability as important pixels come into a blurred picture, by RISE",
    better: .higher, ranks: true, work: Work(values: steps + 1)
  ) { explanation in
    let picture = explanation.picture
    let curve = try Insertion(steps: .equal(steps)).curve(
      of: try picture.classProbability, at: picture.picture, order: explanation.order,
      start: picture.picture.riseBlurred(nothing: picture.nothing, picture.places))
    return Measurement(curve.area, parts: curve.values)
  }

  static let deletionOfUnit = RegisteredMeasure(
    "deletion-unit", heading: "del-u",
    "the same of the unit itself, from 1 at the picture to 0 at nothing", better: .lower,
    work: Work(values: 11)
  ) { explanation in
    let picture = explanation.picture
    return try share(
      Deletion(steps: .equal(10)).curve(
        of: picture.explained, at: picture.picture, order: explanation.order,
        nothing: picture.nothing))
  }

  static let insertionOfUnit = RegisteredMeasure(
    "insertion-unit", heading: "ins-u",
    "the same of the unit itself, from 0 at nothing to 1 at the picture", better: .higher,
    work: Work(values: 11)
  ) { explanation in
    let picture = explanation.picture
    return try share(
      Insertion(steps: .equal(10)).curve(
        of: picture.explained, at: picture.picture, order: explanation.order,
        start: picture.nothing), isRising: true)
  }

  static let pixelFlipping = RegisteredMeasure(
    "pixel-flipping", heading: "flip",
    "area under the unit, from 1 to 0, as single numbers are made black", better: .lower,
    work: Work(values: steps + 1)
  ) { explanation in
    let picture = explanation.picture
    let curve = try PixelFlipping(steps: .equal(steps)).curve(
      of: picture.explained, at: picture.picture, map: explanation.elements,
      black: picture.picture.minimum, seed: picture.seed)
    return try share(curve)
  }

  static let road = RegisteredMeasure(
    "road", heading: "ROAD",
    "how much more the unit falls when important pixels are imputed than when the others are",
    better: .higher, ranks: true, work: Work(values: 11)
  ) { explanation in
    let picture = explanation.picture
    let changes = try ROAD(percentiles: [10, 30, 50, 70, 90], seed: picture.seed).changes(
      of: picture.explained, at: picture.picture, map: explanation.pixels)
    return Measurement(
      changes.combined, parts: changes.mostRelevantFirst + changes.leastRelevantFirst)
  }

  static let confidenceChange = RegisteredMeasure(
    "confidence-change", heading: "dim",
    "what becomes of the unit when the picture is dimmed by the map", better: .higher,
    work: Work(values: 2)
  ) { explanation in
    let picture = explanation.picture
    return try defined(
      try ConfidenceChange().value(
        of: picture.explained, at: picture.picture, map: explanation.pixels,
        nothing: picture.nothing), "its map is the same everywhere")
  }

  /// The area with the whole picture at 1 and nothing at 0.
  private static func share(_ curve: Curve, isRising: Bool = false) throws -> Measurement {
    let (first, last) = (curve.values.first ?? 0, curve.values.last ?? 0)
    let (low, high) = isRising ? (first, last) : (last, first)
    guard high > low else {
      throw FaithfulnessError.undefined("the unit is no larger at the picture than at nothing")
    }
    return Measurement((curve.area - low) / (high - low), parts: curve.values)
  }

  /// A number that may not exist.
  static func defined(_ value: Double?, _ reason: String) throws -> Measurement {
    guard let value, value.isFinite else { throw FaithfulnessError.undefined(reason) }
    return Measurement(value)
  }
}

extension MeasuredMap {
  /// The pixels, the most important first.
  var order: PixelOrder { PixelOrder(pixels, seed: picture.seed) }
}

extension ExplainedPicture {
  /// The probability that RISE's curves are of.
  fileprivate var classProbability: Explained {
    get throws {
      guard let probability else {
        throw FaithfulnessError.undefined("\(unit) is no class and has no probability")
      }
      return probability
    }
  }
}
