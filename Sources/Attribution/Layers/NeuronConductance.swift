import Networks
import Objectives
public import Tensors

/// What each pixel does to the objective through one neuron.
///
/// `(x − b) ⊙ ∫₀¹ ∂f/∂y ∇y dα` along the straight line from the baseline, `y` the neuron: the neuron's part of
/// integrated gradients. The map adds up to the neuron's conductance, which `LayerConductance` says of all.
///
/// Source: Dhamdhere, Sundararajan and Yan, "How Important Is a Neuron?", ICLR 2019.
public struct NeuronConductance: AttributionMethod {
  /// The layer.
  public var layer: String
  /// The neuron's channel.
  public var channel: Int
  /// The neuron's row.
  public var y: Int
  /// The neuron's column.
  public var x: Int
  /// The number of points at which gradients are taken.
  public var steps: Int
  /// Where the line begins; a single one.
  public var baseline: Baseline

  /// Creates the method.
  ///
  /// - Parameters:
  ///   - layer: The layer; it has positions.
  ///   - channel: The neuron's channel.
  ///   - y: The neuron's row.
  ///   - x: The neuron's column.
  ///   - steps: The number of points at which gradients are taken, at least 1.
  ///   - baseline: Where the line begins; a single one.
  public init(
    layer: String, channel: Int, y: Int, x: Int, steps: Int = 50, baseline: Baseline = 0.0
  ) {
    precondition(steps >= 1, "NeuronConductance: \(steps) steps")
    (self.layer, self.channel, self.y, self.x) = (layer, channel, y, x)
    (self.steps, self.baseline) = (steps, baseline)
  }

  /// Explains pictures; the map has their shape.
  public func attribute(
    _ pictures: Tensor, of explained: Explained, progress: (Double) -> Void
  ) throws -> Tensor {
    let neuron = explained.explaining(.neuron(layer, channel, y: y, x: x))
    let start = baseline.tensor(for: pictures, of: explained)
    let way = pictures - start
    let points = gaussLegendre(steps)
    var sum = Tensor(pictures.shape)
    for (index, point) in points.enumerated() {
      try Task.checkCancellation()
      let at = start + way * Float(point.point)
      let gradient = try neuron.gradient(at: at)
      let response = try explained.response(of: layer, at: at)
      let own = response.gradient.sliced([
        0..<pictures.shape[0], channel..<channel + 1, y..<y + 1, x..<x + 1,
      ])
      sum += gradient * own * Float(point.weight)
      progress(Double(index + 1) / Double(steps))
    }
    return way * sum
  }
}

/// The method of a neuron that is found by its name once the network is known.
private struct NamedNeuronConductance: AttributionMethod {
  let neuron: String?
  let steps: Int
  let baseline: Baseline

  func attribute(
    _ pictures: Tensor, of explained: Explained, progress: (Double) -> Void
  ) throws -> Tensor {
    guard let neuron else { throw AttributionError.noNeuron(method: "neuron-conductance") }
    let unit = try NetworkUnit(
      neuron, in: explained.network, inputShape: explained.pictureShape)
    guard case .neuron(let layer, let channel, let x, let y) = unit.kind else {
      throw AttributionError.notANeuron(method: "neuron-conductance", unit: unit.description)
    }
    return try NeuronConductance(
      layer: layer, channel: channel, y: y, x: x, steps: steps, baseline: baseline
    ).attribute(pictures, of: explained, progress: progress)
  }
}

extension RegisteredMethod {
  static let neuronConductance = RegisteredMethod(
    "neuron-conductance", "what each pixel does to the unit through one neuron of a layer",
    shows: .signed, takes: [.neuron, .steps, .baseline, .seed]
  ) { said in
    NamedNeuronConductance(
      neuron: said.neuron, steps: said.steps ?? 50,
      baseline: try said.singleBaseline(or: 0.0, for: "neuron-conductance"))
  }
}
