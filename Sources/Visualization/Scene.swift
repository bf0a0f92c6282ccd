import Autodiff
import Networks
import Objectives
import Tensors

/// Everything between parameters and the objective's value.
final class Scene {
  private let network: any VisualizableNetwork
  private let parameterization: any Parameterization
  private let inputSize: InputSize
  private let redirecting: Bool
  private let gathered: GatheredGradient?
  private var models: [Key: any DifferentiableModel] = [:]

  private struct Key: Hashable {
    let readings: [Reading]
    let inputShape: Shape
  }

  init(
    _ network: any VisualizableNetwork,
    _ parameterization: any Parameterization, _ inputSize: InputSize, redirecting: Bool = false,
    gathering gathered: GatheredGradient? = nil
  ) {
    self.gathered = gathered
    self.redirecting = redirecting
    self.network = network
    self.parameterization = parameterization
    self.inputSize = inputSize
  }

  /// The pictures of parameters, whose gradients are gathered where that is asked for.
  func picture(_ parameters: [Variable]) -> Variable {
    let made = parameterization.image(parameters)
    return gathered?.watching(made) ?? made
  }

  /// The objective's value of transformed pictures, as a mean over several views.
  func value(
    of objective: Objective, picture: Variable, transforms: [any Transform], views: Int,
    using random: inout some RandomNumberGenerator
  ) throws -> Variable {
    let picture = withReferences(of: objective, picture)
    let inputs = (0..<views).map { _ in
      sized(transforms.reduce(picture) { $1($0, using: &random) })
    }
    return try value(of: objective, picture, inputs: inputs)
  }

  /// The objective's value of the pictures as they are.
  ///
  /// - Parameters:
  ///   - objective: The objective.
  ///   - parameters: Those of the pictures.
  ///   - views: As how many views the pictures go through the network, so that the same plan serves.
  /// - Returns: A scalar.
  /// - Throws: What the network and the objective throw.
  func value(of objective: Objective, _ parameters: [Variable], views: Int) throws -> Variable {
    try value(of: objective, picture: parameterization.image(parameters), views: views)
  }

  /// The objective's value of pictures.
  func value(of objective: Objective, picture: Variable, views: Int) throws -> Variable {
    let picture = withReferences(of: objective, picture)
    let input = sized(picture)
    return try value(
      of: objective, picture, inputs: [Variable](repeating: input, count: views))
  }

  /// Pictures and, behind them, those that an objective compares them with: all are transformed alike.
  private func withReferences(of objective: Objective, _ pictures: Variable) -> Variable {
    if objective.references.isEmpty { return pictures }
    let size = PictureSize(of: pictures)
    let others = objective.references.map { reference in
      let pixels = Variable(reference.pixels).fitted(to: size)
      guard parameterization is AlphaImage else { return pixels }
      let opaque = Tensor([1, 1, size.height, size.width], repeating: 1)
      return concatenate([pixels, Variable(opaque)], alongAxis: 1)
    }
    return concatenate([pictures] + others)
  }

  private func value(
    of objective: Objective, _ picture: Variable, inputs: [Variable]
  ) throws -> Variable {
    let input = inputs.count == 1 ? inputs[0] : concatenate(inputs)
    let activations = try activations(of: objective.readings, input)
    if inputs.count == 1 {
      return try objective.value(
        Evaluation(picture: picture, input: input, activations: activations)
          .separating(objective.references))
    }
    let count = picture.shape[0]
    let values = try inputs.indices.map { i in
      let own = i * count..<(i + 1) * count
      return try objective.value(
        Evaluation(
          picture: picture, input: inputs[i],
          activations: activations.mapValues { $0.sliced(own, alongAxis: 0) }
        ).separating(objective.references))
    }
    return values.dropFirst().reduce(values[0]) { $0 + $1 } / Float(inputs.count)
  }

  private func activations(
    of readings: [Reading], _ input: Variable
  ) throws -> [Reading: Variable] {
    if readings.isEmpty { return [:] }
    let key = Key(readings: readings, inputShape: input.shape)
    let model =
      try models[key]
      ?? network.compile(
        readings: readings, inputShape: input.shape, redirecting: redirecting)
    models[key] = model
    let activations = try model.activations(input)
    precondition(
      activations.count == readings.count,
      "model: \(activations.count) activations for \(readings.count) readings")
    return Dictionary(uniqueKeysWithValues: zip(readings, activations))
  }

  private func sized(_ image: Variable) -> Variable {
    let isOpen = parameterization is AlphaImage && image.shape[1] == parameterization.shape[1]
    let image = isOpen ? image.laid(over: Variable(0.5)) : image
    switch inputSize {
    case .picture:
      let shape = parameterization.shape
      return image.croppedOrPadded(
        to: PictureSize(height: shape[2], width: shape[3]), with: 0.5)
    case .fixed(let height, let width):
      return image.fitted(to: PictureSize(height: height, width: width))
    case .varying: return image
    }
  }
}
