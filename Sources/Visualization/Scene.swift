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
  private var models: [Key: any DifferentiableModel] = [:]

  private struct Key: Hashable {
    let readings: [Reading]
    let inputShape: Shape
  }

  init(
    _ network: any VisualizableNetwork,
    _ parameterization: any Parameterization, _ inputSize: InputSize, redirecting: Bool = false
  ) {
    self.redirecting = redirecting
    self.network = network
    self.parameterization = parameterization
    self.inputSize = inputSize
  }

  /// The objective's value of transformed pictures.
  func value(
    of objective: Objective, _ parameters: [Variable], transforms: [any Transform],
    using random: inout some RandomNumberGenerator
  ) throws -> Variable {
    let picture = withReferences(of: objective, parameterization.image(parameters))
    let transformed = transforms.reduce(picture) { $1($0, using: &random) }
    return try value(of: objective, picture, input: sized(transformed))
  }

  /// The objective's value of the pictures as they are.
  func value(of objective: Objective, _ parameters: [Variable]) throws -> Variable {
    let picture = withReferences(of: objective, parameterization.image(parameters))
    return try value(of: objective, picture, input: sized(picture))
  }

  /// Pictures and, behind them, those that an objective compares them with: all are transformed alike.
  private func withReferences(of objective: Objective, _ pictures: Variable) -> Variable {
    if objective.references.isEmpty { return pictures }
    let (height, width) = (pictures.shape[2], pictures.shape[3])
    let references = objective.references.map {
      Variable($0.pixels).resized(height: height, width: width)
    }
    return concatenate([pictures] + references)
  }

  private func value(
    of objective: Objective, _ picture: Variable, input: Variable
  ) throws -> Variable {
    let readings = objective.readings
    var activations: [Variable] = []
    if !readings.isEmpty {
      let key = Key(readings: readings, inputShape: input.shape)
      let model =
        try models[key]
        ?? network.compile(
          readings: readings, inputShape: input.shape, redirecting: redirecting)
      models[key] = model
      activations = try model.activations(input)
    }
    precondition(
      activations.count == readings.count,
      "model: \(activations.count) activations for \(readings.count) readings")
    return try objective.value(
      Evaluation(
        picture: picture, input: input,
        activations: Dictionary(uniqueKeysWithValues: zip(readings, activations))
      ).separating(objective.references))
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
