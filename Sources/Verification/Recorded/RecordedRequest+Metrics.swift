import Attribution
import Faithfulness
import Objectives
import Tensors

/// What measures are given.
extension RecordedRequest {
  /// The recorded map.
  func map() throws -> Tensor { try file("map") }

  /// The recorded tensor that a key names.
  func file(_ key: String) throws -> Tensor {
    guard let file = recording.text(key) else { throw RecordedError.missing(key) }
    return try golden.recorded(file)
  }

  var order: PixelOrder {
    get throws { PixelOrder(try map().meanOfChannels) }
  }

  var zeros: Tensor { Tensor(golden.input.shape) }
  var steps: Int { recording.integer("steps") ?? 10 }
  var perStep: Int { recording.integer("pixels_per_step") ?? golden.input.shape[-1] }
  var probability: Explained { explained(.probability(recording.unit)) }

  func explained(inScale scale: String) -> Explained {
    scale == "softmax" ? probability : explained()
  }

  func regions(_ order: RegionPerturbation.Order) throws -> Curve {
    try RegionPerturbation(side: recording.integer("patch") ?? 8, order: order).curve(
      of: probability, at: golden.input, map: map().summedOverChannels(),
      cover: golden.input.minimum)
  }

  func road() throws -> ROAD.Changes {
    try ROAD(imputation: LinearImputation(noise: 0, tolerance: 1e-12)).changes(
      of: explained(), at: golden.input, map: map().plane)
  }

  func infidelity(_ scaling: Infidelity.Scaling) throws -> Double? {
    try Infidelity(scaling).value(
      of: explained(), at: golden.input, map: map(), perturbations: file("perturbations"))
  }

  func sensitivity(of method: any AttributionMethod) throws -> Double? {
    let explained = explained()
    return try MaxSensitivity().value(
      of: method, explained, at: golden.input,
      map: explained.map(of: golden.input, by: method), perturbations: file("perturbations"))
  }
}
