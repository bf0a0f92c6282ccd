import Networks
import Tensors

/// The scalar that is explained, one for every sample of a batch.
public enum Target: Sendable, Hashable {
  /// A unit of the first output, before a final softmax; its mean over positions if it has any.
  case logit(Int)
  /// The mean of a channel over its positions.
  case channel(layer: String, channel: Int)
  /// A channel at one column and row, counted from the top left.
  case neuron(layer: String, channel: Int, x: Int, y: Int)
  /// A channel of a transformer's layer at the class token.
  case classToken(layer: String, channel: Int)
  /// The mean square of all that a layer yields.
  case layer(String)
}

extension Target {
  /// What has to be read from the network.
  func reading(in network: Network) -> Reading {
    switch self {
    case .logit(let index):
      Reading(network.logitsValue(output: network.logitsOutput), channels: [index])
    case .channel(let layer, let channel): Reading(layer, channels: [channel])
    case .neuron(let layer, let channel, _, _): Reading(layer, channels: [channel], as: .grid)
    case .classToken(let layer, let channel):
      Reading(layer, channels: [channel], as: .classToken)
    case .layer(let layer): Reading(layer)
    }
  }

  /// Throws if a reading of this shape has no such scalar.
  func check(_ shape: Shape) throws {
    guard case .neuron(let layer, _, let x, let y) = self else { return }
    guard shape.rank == 4 else { throw AttributionError.noPositions(layer: layer) }
    guard (0..<shape[3]).contains(x), (0..<shape[2]).contains(y) else {
      throw AttributionError.neuronOutOfRange(
        layer: layer, x: x, y: y, width: shape[3], height: shape[2])
    }
  }

  /// What every scalar of the reading contributes; a sample's contributions add up to its target.
  ///
  /// - Parameter activation: What was read, N×….
  /// - Returns: The same shape.
  func contributions(_ activation: Tensor) -> Tensor { activation * weights(at: activation) }

  /// The derivative of the sum of all samples' targets.
  ///
  /// - Parameter activation: What was read, N×….
  /// - Returns: The same shape.
  func derivative(at activation: Tensor) -> Tensor {
    if case .layer = self { 2 * weights(at: activation) } else { weights(at: activation) }
  }

  /// The target of each sample.
  func values(of activation: Tensor) -> [Float] {
    let contributions = contributions(activation)
    let samples = activation.shape[0]
    return contributions.reshaped([samples, activation.count / samples]).sum(alongAxes: [1]).scalars
  }

  private func weights(at activation: Tensor) -> Tensor {
    let shape = activation.shape
    let each = activation.count / shape[0]
    switch self {
    case .layer: return activation / Float(each)
    case .logit, .channel, .classToken: return Tensor(shape, repeating: 1 / Float(each))
    case .neuron(_, _, let x, let y):
      var weights = Tensor(shape)
      for sample in 0..<shape[0] { weights[sample, 0, y, x] = 1 }
      return weights
    }
  }
}
