import Attribution
import Networks
import Tensors

extension RegisteredMeasure {
  private static let draws = 4

  static let maxSensitivity = RegisteredMeasure(
    "max-sensitivity", heading: "sens",
    "how far the map moves at most when every number of the picture moves by 0.02 or less",
    better: .lower, ranks: true, work: Work(maps: draws)
  ) { explanation in
    let picture = explanation.picture
    return try defined(
      try MaxSensitivity(samples: draws, seed: picture.seed).value(
        of: explanation.method, picture.explained, at: picture.picture, map: explanation.map),
      "its map is zero everywhere")
  }

  static let consistency = RegisteredMeasure(
    "consistency", heading: "cons",
    "similarity to the maps of the picture turned, moved, brightened, with noise and as a JPEG, where "
      + "the network still sees the same",
    better: .higher, ranks: true, work: Work(maps: 5, values: 5)
  ) { explanation in
    let picture = explanation.picture
    guard case .picture = picture.explained.feed else {
      throw FaithfulnessError.undefined(
        "it turns, moves and compresses photographs, and numbers are none")
    }
    guard let seen = try picture.predictedClass(of: picture.picture) else {
      throw FaithfulnessError.undefined("the network predicts no class of a picture")
    }
    let side = min(picture.picture.shape[2], picture.picture.shape[3])
    let consistency = Consistency(changes: SmallChange.all(side: side, seed: picture.seed))
    let pairs = try consistency.pairs(
      of: picture.picture, map: explanation.pixels,
      keepsPrediction: { try picture.predictedClass(of: $0) == seen },
      explain: { try explanation.pixels(of: $0, picture.explained) })
    let means = pairs.map(\.mean)
    guard !means.isEmpty else {
      throw FaithfulnessError.undefined("every small change changes the prediction")
    }
    return mean(of: means, counted: .init(kept: means.count, total: consistency.changes.count))
  }

  static let randomWeights = randomization(
    "random-weights", heading: "rand", .cascading,
    "similarity to the map of a network with random weights, drawn from the last layer to the first"
  )

  static let randomLayers = randomization(
    "random-layers", heading: "layer", .independent,
    "similarity to the maps of networks with one layer's weights drawn at random, on average")

  static let otherUnits = RegisteredMeasure(
    "other-units", heading: "other",
    "similarity to the maps of two other classes (or channels) of the network, on average",
    better: .lower, work: Work(maps: 2)
  ) { explanation in
    var result = mean(of: try LabelSwap().similarities(of: explanation))
    result.isBlind = result.value > WeightRandomization.limit
    return result
  }

  private static func randomization(
    _ name: String, heading: String, _ order: WeightRandomization.Order, _ summary: String
  ) -> RegisteredMeasure {
    let check = WeightRandomization(order)
    return RegisteredMeasure(
      ofAll: { explanations, progress in
        try check.similarities(of: explanations, progress: progress).map { result in
          result.map { similarities in
            var found = mean(of: similarities)
            found.isBlind = order == .cascading && found.value > WeightRandomization.limit
            return found
          }
        }
      }, name, heading: heading, summary, better: .lower,
      work: Work(maps: check.stages, visits: check.stages))
  }

  /// A mean with its standard error and what it is of.
  private static func mean(
    of values: [Double], counted: Measurement.Counted? = nil
  ) -> Measurement {
    let (mean, error) = values.meanAndStandardError
    return Measurement(mean, standardError: error, parts: values, counted: counted)
  }
}

extension Sequence<Double> {
  /// The mean, and where there are two or more its standard error.
  var meanAndStandardError: (mean: Double, standardError: Double?) {
    let values = Array(self)
    let count = Double(values.count)
    let mean = values.reduce(0, +) / count
    guard values.count > 1 else { return (mean, nil) }
    let squares = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
    return (mean, (squares / (count - 1) / count).squareRoot())
  }
}
