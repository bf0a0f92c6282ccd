package import Exactness
import Graphs
package import Networks
import Plans
package import Tensors

/// A network's values and its gradient with respect to the input, beside those of its graph in Double.
package struct ExactComparison {
  /// A layer's values beside the exact ones.
  package struct Layer {
    package let name: String
    package let difference: Difference

    init(name: String, _ difference: Difference) {
      (self.name, self.difference) = (name, difference)
    }
  }

  /// The layers that the unit needs, in the order in which they run, with the same choices.
  ///
  /// Then what the gradient is of by a plan for it alone, and where only that differs the first layer that differs by
  /// itself.
  package let layers: [Layer]
  /// What the gradient is of.
  package let target: ExactTarget
  /// The largest difference of the gradients over the largest number of the exact one.
  package let gradientError: Double
  /// The same where rectifiers, maxima and roundings are chosen as the network chose them; what is left is arithmetic.
  package let gradientOfSameChoices: Difference
  /// The choices, and those that fall the other way in single precision.
  package let decisions: Decisions
  /// Whether the graph was computed as the file has it, and not as it was read.
  package let isAsInFile: Bool
  /// Whether what the gradient is of has a number in it, and is compared at all.
  package let areNumbers: Bool

  /// The largest differences that single precision explains, as far as was seen: of values, of gradients.
  package static let limits = (values: Decisions.rounding, gradient: 1e-4)

  /// The first layer whose values differ beyond what single precision explains.
  package var firstBeyond: Layer? {
    let beyond = layers.filter { !$0.difference.isRounding }
    // What differs by itself alone is told by the first that does, which comes last.
    return beyond.count > 1 && beyond.allSatisfy { $0.name.hasSuffix(Self.byItself) }
      ? beyond.last : beyond.first
  }

  /// What the names of values by plans for them alone end in.
  static let byItself = ", by itself"

  /// Whether all that differs is rounding, and choices that hang on it.
  package var agrees: Bool {
    areNumbers && firstBeyond == nil && gradientOfSameChoices.isWithin(Self.limits.gradient)
  }
}

/// What a gradient is taken of: the sum of some numbers of a value, each times its weight.
package struct ExactTarget {
  package let title: String
  /// The value of the graph.
  package let value: String
  /// The weights, of the value's shape.
  package let weights: Tensor
  /// What the network's users read of it, where that is one position, which has a plan of its own.
  var reading: Reading?
}

extension ExactTarget {
  /// A unit of a network.
  ///
  /// - Parameters:
  ///   - unit: The unit.
  ///   - network: The network.
  ///   - shapes: What the network's `shapes(inputShape:)` returned.
  /// - Throws: `NetworkError` for a layer that is not there; `ExactnessError` for the classes of detectors.
  package init(_ unit: NetworkUnit, in network: Network, shapes: [String: Shape]) throws {
    var (channel, place): (Int?, (x: Int, y: Int)?) = (nil, nil)
    var takesFirstToken = false
    switch unit.kind {
    case .logit(let index): (value, channel) = (try network.value(of: .logits), index)
    case .channel(let layer, let index):
      (value, channel) = (try network.value(ofLayer: layer), index)
    case .neuron(let layer, let index, let x, let y):
      (value, channel, place) = (try network.value(ofLayer: layer), index, (x, y))
      reading = Reading(.value(value), channels: [index], as: .position(row: y, column: x))
    case .classToken(let layer, let index):
      (value, channel, takesFirstToken) = (try network.value(ofLayer: layer), index, true)
    case .layer(let layer): value = try network.value(ofLayer: layer)
    case .score:
      throw ExactnessError.unknown(["the class of a detector or segmenter; name a layer's channel"])
    }
    title = unit.description
    guard let shape = shapes[value] else { throw NetworkError.missingValue(value) }
    let layout = network.layouts(in: shapes)[value]
    let isLast = layout?.isTokens == true || network.hasChannelsLast(value) || shape.rank <= 1
    guard shape.rank > 0 else {
      weights = Tensor(1)
      return
    }
    let axis = isLast ? shape.rank - 1 : 1
    let strides = shape.strides
    let extra = layout?.extraTokens ?? 0
    weights = Tensor(
      shape,
      (0..<shape.count).map { i -> Float in
        if let channel, i / strides[axis] % shape[axis] != channel { return 0 }
        if takesFirstToken { return i / strides[1] % shape[1] == 0 ? 1 : 0 }
        guard let place, let grid = layout?.grid else { return 1 }
        let position =
          isLast
          ? shape.rank == 4
            ? i / strides[2] % (shape[1] * shape[2]) : i / strides[1] % shape[1] - extra
          : i % (shape.count / (shape[0] * shape[1]))
        return position == place.y * grid.width + place.x ? 1 : 0
      })
  }

  /// All of a value, with weights drawn at random.
  package init(drawn value: String, _ shape: Shape, seed: UInt64) {
    var random = SplitMix64(seed: seed)
    (title, self.value) = ("a sum of \(value) with random weights", value)
    weights = Tensor.normal(shape, using: &random)
  }
}
