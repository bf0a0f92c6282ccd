import Graphs
import Tensors

extension Network {
  /// The layers that have weights to be drawn anew, in the order in which they run.
  ///
  /// Convolutions and products with constant matrices; normalizations, scales and shifts have none.
  public var weightedLayers: [String] { weightConstants.map(\.layer) }

  /// The same network with the weights of some layers drawn at random, as before training.
  ///
  /// Every tensor of weights or biases gets independent normal draws of its own mean and standard deviation:
  /// numbers stay in a range that the layers after it can work with, also where a file has its normalizations
  /// folded into convolutions. What a layer draws depends on the seed and the layer alone, not on which others
  /// are drawn.
  ///
  /// - Parameters:
  ///   - layers: Which of `weightedLayers`.
  ///   - seed: What the draws follow from.
  /// - Returns: A network of the same build; what its file says of itself stays.
  /// - Throws: `NetworkError.unknownLayer` for one that has no weights, with the most similar names.
  public func randomized(layers: some Sequence<String>, seed: UInt64 = 0) throws -> Network {
    let places = Dictionary(
      weightedLayers.enumerated().map { ($1, $0) }, uniquingKeysWith: { first, _ in first })
    var generators: [String: SplitMix64] = [:]
    return try replacingWeights(of: layers) { layer, _, old in
      let tensor = old.tensor
      var seeds = SplitMix64(seed: seed)
      var random = generators[layer] ?? SplitMix64(seed: seeds.next() &+ UInt64(places[layer] ?? 0))
      defer { generators[layer] = random }
      let mean = tensor.mean
      let deviation = (tensor - mean).norm / Float(tensor.count).squareRoot()
      return Constant(
        mean + Tensor.normal(tensor.shape, standardDeviation: deviation, using: &random),
        of: old.type)
    }
  }

  /// The same network with the weights of some layers replaced.
  ///
  /// - Parameters:
  ///   - layers: Which of `weightedLayers`.
  ///   - new: The new constant for a layer's name, the name of the constant and the one there.
  /// - Returns: A network of the same build.
  /// - Throws: `NetworkError.unknownLayer`.
  package func replacingWeights(
    of layers: some Sequence<String>, by new: (String, String, Constant) throws -> Constant
  ) throws -> Network {
    let weights = weightConstants
    var network = self
    for layer in layers {
      let constants = weights.filter { $0.layer == layer }.flatMap(\.constants)
      guard !constants.isEmpty else {
        throw NetworkError.unknownLayer(
          layer, candidates: nearest(to: layer, in: weights.map(\.layer)))
      }
      for name in constants {
        guard let old = network.graph.constants[name] else { continue }
        let constant = try new(layer, name, old)
        precondition(constant.shape == old.shape, "\(name): \(constant.shape)")
        network.graph.constants[name] = constant
      }
    }
    return network
  }

  /// The same network with the weights of some layers taken from another of the same build.
  ///
  /// - Parameters:
  ///   - layers: Which of `weightedLayers`.
  ///   - other: A network whose constants have the same names and shapes.
  /// - Returns: A network of the same build.
  /// - Throws: `NetworkError.unknownLayer`; `NetworkError.invalidModel` where the other lacks a constant.
  package func replacingWeights(
    of layers: some Sequence<String>, from other: Network
  ) throws -> Network {
    try replacingWeights(of: layers) { layer, name, old in
      guard let new = other.graph.constants[name], new.shape == old.shape else {
        throw NetworkError.invalidModel("\(other.path): no weights '\(name)' of \(old.shape)")
      }
      return new
    }
  }

  /// The constants that each layer's sums are weighted with, and its biases.
  private var weightConstants: [(layer: String, constants: [String])] {
    let names = Dictionary(
      layers.map { ($0.value, $0.name) }, uniquingKeysWith: { first, _ in first })
    let makers = Dictionary(
      graph.nodes.flatMap { node in node.outputs.map { ($0, node) } },
      uniquingKeysWith: { first, _ in first })
    /// Weights may be turned or decoded before they are used.
    func constants(behind value: String, _ depth: Int) -> [String] {
      if let constant = graph.constants[value] {
        return constant.isInteger || constant.count < 2 ? [] : [value]
      }
      guard depth < 8, let maker = makers[value] else { return [] }
      let behind = maker.inputs.filter { !$0.isEmpty }.map { constants(behind: $0, depth + 1) }
      return behind.contains([]) ? [] : behind.flatMap(\.self)
    }
    return neededNodes.compactMap { node in
      guard case .linear = graph.role(of: node), let output = node.outputs.first else { return nil }
      let found = node.inputs.flatMap { constants(behind: $0, 0) }
      return found.isEmpty ? nil : (names[output] ?? output, found)
    }
  }
}
