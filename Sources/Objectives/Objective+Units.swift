import Autodiff
import Networks
import Tensors

extension Objective {
  /// The mean of a channel over batch and positions, or tokens; of a feature, over the batch.
  public static func channel(_ layer: String, _ channel: Int) -> Objective {
    let reading = Reading(layer, channels: [channel])
    return Objective("\(layer):\(channel)", reading: [reading]) { $0[reading].mean() }
  }

  /// The mean of a channel over batch and the positions of a picture: of a transformer's tokens, those that
  /// stand for a patch, without the class token.
  public static func patches(_ layer: String, _ channel: Int) -> Objective {
    let reading = Reading(layer, channels: [channel], as: .grid)
    return Objective("\(layer):\(channel)@patches", reading: [reading]) { $0[reading].mean() }
  }

  /// One channel at one position, as a mean over the batch.
  ///
  /// A layer without positions has its channel alone, where no position is asked for.
  ///
  /// - Parameters:
  ///   - layer: The layer's name.
  ///   - channel: The channel.
  ///   - y: The row; nil: half the height, rounded down.
  ///   - x: The column; nil: half the width, rounded down.
  /// - Returns: The objective; where there is no such position, no network can be prepared for it.
  public static func neuron(
    _ layer: String, _ channel: Int, y: Int? = nil, x: Int? = nil
  ) -> Objective {
    let reading = Reading(layer, channels: [channel], as: .position(row: y, column: x))
    let place =
      y == nil && x == nil ? "" : "@\(x.map(String.init) ?? "·"),\(y.map(String.init) ?? "·")"
    return Objective("\(layer):\(channel)\(place)", reading: [reading]) { $0[reading].mean() }
  }

  /// One channel of a transformer's layer at the class token, as a mean over the batch.
  public static func classToken(_ layer: String, _ channel: Int) -> Objective {
    let reading = Reading(layer, channels: [channel], as: .classToken)
    return Objective("\(layer):\(channel)@class", reading: [reading]) { $0[reading].mean() }
  }

  /// A class's score before softmax, summed over the batch; its mean over positions, if it has any.
  ///
  /// - Parameters:
  ///   - index: The class.
  ///   - layer: The layer of the scores; `nil`: those that the network ends in.
  /// - Returns: The objective.
  public static func logit(_ index: Int, in layer: String? = nil) -> Objective {
    let reading = Reading(layer.map { .layer($0) } ?? .logits, channels: [index])
    return Objective(layer.map { "\($0):\(index)" } ?? "logit \(index)", reading: [reading]) {
      $0[reading].meanOfEachPicture.sum()
    }
  }

  /// The mean of all activations of a layer.
  public static func layer(_ layer: String) -> Objective {
    let reading = Reading(layer)
    return Objective("mean(\(layer))", reading: [reading]) { $0[reading].mean() }
  }

  /// The mean of the squares of all activations of a layer: more of whatever the layer sees.
  ///
  /// Source: Mordvintsev et al., "Inceptionism", 2015.
  public static func deepDream(_ layer: String) -> Objective {
    let reading = Reading(layer)
    return Objective(layer, reading: [reading]) { square($0[reading]).mean() }
  }

  /// From one channel to another along the batch: picture i of n looks for the second with weight
  /// i / (n − 1), for the first with the rest.
  ///
  /// Source: lucid `channel_interpolate`. The sum over the batch, not the mean.
  public static func interpolation(
    from first: (layer: String, channel: Int), to second: (layer: String, channel: Int)
  ) -> Objective {
    let one = Reading(first.layer, channels: [first.channel])
    let other = Reading(second.layer, channels: [second.channel])
    let name = "\(first.layer):\(first.channel) … \(second.layer):\(second.channel)"
    return Objective(name, reading: [one, other]) { evaluation in
      let (a, b) = (evaluation[one].meanOfEachPicture, evaluation[other].meanOfEachPicture)
      let count = a.value.count
      let ramp = (0..<count).map { Float($0) / Float(max(count - 1, 1)) }
      let weights = Tensor([count], ramp)
      return dot(a, Variable(1 - weights)) + dot(b, Variable(weights))
    }
  }
}

extension Variable {
  /// (batch) from (batch, …).
  var meanOfEachPicture: Variable {
    reshaped(to: [shape[0], value.count / max(shape[0], 1)]).mean(alongAxes: [1])
  }
}
