import Attribution

extension RegisteredMeasure {
  static let muFidelity = RegisteredMeasure(
    "mu-fidelity", heading: "µFid",
    "rank correlation of what the map says of random sets of squares with the unit's fall without them",
    better: .higher, ranks: true, work: Work(values: 201)
  ) { explanation in
    let picture = explanation.picture
    let fidelity = MuFidelity(seed: picture.seed)
    let values = try picture.once("mu-fidelity") {
      try fidelity.values(of: picture.explained, at: picture.picture, nothing: picture.nothing)
    }
    guard let found = fidelity.correlation(of: explanation.pixels, with: values) else {
      throw FaithfulnessError.undefined("the unit, or the map, is the same whatever is removed")
    }
    return Measurement(found.value, standardError: found.standardError)
  }

  /// It does not rank: only a map that is a gradient, or nearly, can tell what small noise does.
  static let infidelity = RegisteredMeasure(
    "infidelity", heading: "infid",
    "what the map, taken for a gradient, fails to say of the effect of noise: 1 is everything",
    better: .lower, work: Work(values: 65)
  ) { explanation in
    let picture = explanation.picture
    let values = try picture.once("infidelity") {
      try Infidelity().values(of: picture.explained, at: picture.picture, seed: picture.seed)
    }
    let found = picture.explained.sharingThreads {
      Infidelity().value(
        of: explanation.elements, at: picture.picture, with: values, seed: picture.seed)
    }
    guard let found else {
      throw FaithfulnessError.undefined("noise does not change the unit")
    }
    return Measurement(found.value, standardError: found.standardError)
  }

  static let completeness = RegisteredMeasure(
    "completeness", heading: "sum",
    "how far the map's sum is from the difference that it should explain, as a part of that",
    better: .lower, work: Work(values: 2)
  ) { explanation in
    guard let complete = explanation.method as? any CompleteMethod else {
      throw FaithfulnessError.undefined("the method promises no sum")
    }
    let picture = explanation.picture
    let expected = try complete.total(at: picture.picture, of: picture.explained)[0]
    let sum = try complete.sum(
      of: explanation.map, at: picture.picture, in: picture.explained)
    let completeness = Completeness(sum: sum, expected: expected)
    var measurement = try defined(completeness.relativeError, "its map should add up to 0")
    measurement.parts = [completeness.sum, completeness.expected]
    return measurement
  }

  static let sparseness = RegisteredMeasure(
    "sparseness", heading: "Gini", "how few pixels hold most of the map: its Gini index",
    better: .neither
  ) { try defined(Sparseness().value(of: $0.pixels), "its map is zero everywhere") }

  static let complexity = RegisteredMeasure(
    "complexity", heading: "entr", "over how many pixels the map is spread: its entropy in nats",
    better: .neither
  ) { try defined(Complexity().value(of: $0.pixels), "its map is zero everywhere") }
}
