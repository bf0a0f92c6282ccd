import Autodiff
import Tensors

/// Everything between parameters and the objective's value.
final class Scene {
  private let objective: Objective
  private let network: any VisualizableNetwork
  private let parameterization: any Parameterization
  private let inputSize: InputSize
  private let redirecting: Bool
  private var models: [Shape: any DifferentiableModel] = [:]

  init(
    _ objective: Objective, _ network: any VisualizableNetwork,
    _ parameterization: any Parameterization, _ inputSize: InputSize, redirecting: Bool = false
  ) {
    self.redirecting = redirecting
    self.objective = objective
    self.network = network
    self.parameterization = parameterization
    self.inputSize = inputSize
  }

  /// The objective's value of transformed pictures.
  func value(
    _ parameters: [Variable], transforms: [any Transform],
    using random: inout some RandomNumberGenerator
  ) throws -> Variable {
    let picture = parameterization.image(parameters)
    let transformed = transforms.reduce(picture) { $1($0, using: &random) }
    return try value(picture, input: sized(transformed))
  }

  /// The objective's value of the pictures as they are.
  func value(_ parameters: [Variable]) throws -> Variable {
    let picture = parameterization.image(parameters)
    return try value(picture, input: sized(picture))
  }

  private func value(_ picture: Variable, input: Variable) throws -> Variable {
    let readings = objective.readings
    var activations: [Variable] = []
    if !readings.isEmpty {
      let model =
        try models[input.shape]
        ?? network.compile(
          readings: readings, inputShape: input.shape, redirecting: redirecting)
      models[input.shape] = model
      activations = try model.activations(input)
    }
    precondition(
      activations.count == readings.count,
      "model: \(activations.count) activations for \(readings.count) readings")
    return try objective.value(
      Evaluation(
        picture: picture, input: input,
        activations: Dictionary(uniqueKeysWithValues: zip(readings, activations))))
  }

  private func sized(_ image: Variable) -> Variable {
    switch inputSize {
    case .picture:
      let shape = parameterization.shape
      return image.croppedOrPadded(
        to: PictureSize(height: shape[2], width: shape[3]), with: 0.5)
    case .fixed(let height, let width): return image.resized(height: height, width: width)
    case .varying: return image
    }
  }
}
