public import Autodiff
import Optimizers
public import Tensors

/// Pictures as functions of the place, each a small network from x and y to a colour.
///
/// `image(x, y) = sigmoid(W₉ aₙ(… a₁(W₁ (x, y, 1)))))` with `a(v) = (atan v / 0.67, atan² v / 0.6, 1)`: 8 layers
/// of 24 units and lines so smooth that the same weights give larger pictures too. Sources: Stanley,
/// "Compositional Pattern Producing Networks", 2007; lucid `optvis/param/cppn.py`.
public struct CPPNImage: Parameterization {
  /// The shape of the pictures: (batch, channels, height, width).
  public let shape: Shape

  /// How many layers lie between place and colour.
  public let layers: Int

  /// How many units a layer has.
  public let units: Int

  /// The places: (1, height, width, 3), x and y from −√3 to √3 along the longer side, and 1.
  private let grid: Tensor

  /// Creates the parameterization.
  ///
  /// - Parameters:
  ///   - shape: The shape of the pictures: (batch, channels, height, width).
  ///   - layers: How many layers lie between place and colour.
  ///   - units: How many units a layer has.
  public init(_ shape: Shape, layers: Int = 8, units: Int = 24) {
    (self.shape, self.layers, self.units) = (shape, layers, units)
    grid = Self.grid(height: shape[2], width: shape[3])
  }

  private static func grid(height: Int, width: Int) -> Tensor {
    let reach = Float(3).squareRoot()
    let step = 2 * reach / Float(max(height, width, 2) - 1)
    var scalars: [Float] = []
    for row in 0..<height {
      for column in 0..<width {
        scalars += [
          step * (Float(column) - Float(width - 1) / 2),
          step * (Float(row) - Float(height - 1) / 2), 1,
        ]
      }
    }
    return Tensor([1, height, width, 3], scalars)
  }

  /// What comes into each layer, the places first: without the 1.
  private var extents: [Int] { [2] + [Int](repeating: 2 * units, count: layers) }

  /// Weights by which values neither grow nor shrink from layer to layer; those of the colours are 0, so that
  /// pictures start grey.
  ///
  /// - Parameter random: The source of randomness.
  /// - Returns: A tensor a layer, (batch, 1, inputs + 1, outputs), the last row for the 1.
  public func initialParameters(using random: inout some RandomNumberGenerator) -> [Tensor] {
    let hidden = extents.dropLast().map { extent in
      let weights = Tensor.normal(
        [shape[0], 1, extent, units], standardDeviation: (2 / Float(extent)).squareRoot(),
        using: &random)
      let offsets = Tensor.normal(
        [shape[0], 1, 1, units], standardDeviation: 0.1, using: &random)
      return Tensor.concatenate([weights, offsets], alongAxis: 2)
    }
    return hidden + [Tensor([shape[0], 1, extents[layers] + 1, shape[1]])]
  }

  /// Weights trained on a picture, reduced to 64 pixels along its longer side: 1,000 steps of Adam, some seconds.
  ///
  /// - Parameter picture: Values in 0…1, of the shape `shape`.
  /// - Returns: A tensor a layer.
  public func parameters(fitting picture: Tensor) -> [Tensor] {
    precondition(picture.shape == shape, "CPPNImage: \(picture.shape) is not \(shape)")
    let (small, target) = reduced(picture, to: 64)
    var random = SplitMix64(seed: 0)
    var parameters = small.initialParameters(using: &random)
    var optimizer = Adam(learningRate: 0.01)
    let rate = LearningRate.cosine(from: 0.01, over: 1000)
    for step in 0..<1000 {
      optimizer.learningRate = rate(at: step)
      let (_, gradients) = valueWithGradient(at: parameters) {
        square(small.image($0) - Variable(target)).mean()
      }
      optimizer.update(&parameters, along: gradients)
    }
    return parameters
  }

  private func reduced(_ picture: Tensor, to side: Int) -> (CPPNImage, Tensor) {
    let longer = max(shape[2], shape[3])
    guard longer > side else { return (self, picture) }
    let size = [shape[2], shape[3]].map { max(1, ($0 * side + longer / 2) / longer) }
    let rows = Interpolation.antialiased.matrix(from: shape[2], to: size[0])
    let columns = Interpolation.antialiased.matrix(from: shape[3], to: size[1])
    let target = Tensor.matmul(Tensor.matmul(rows, picture), columns.transposedMatrices())
    return (CPPNImage(target.shape, layers: layers, units: units), target)
  }

  /// The pictures that belong to weights.
  ///
  /// - Parameter parameters: One variable a layer.
  /// - Returns: Values in 0…1, of the shape `shape`.
  public func image(_ parameters: [Variable]) -> Variable {
    let network = PlaceNetwork(grid: grid, shape: shape, units: units)
    let weights = parameters.map(\.value)
    let values = Variable(network.values(weights), operation: "cppn", inputs: parameters) { g in
      network.slopes(weights, along: g.value).map {
        Variable($0, withoutDerivative: "cppn cotangent", inputs: parameters + [g])
      }
    }
    return sigmoid(values)
  }

  /// The same function at so many times as many places.
  public func enlarged(by factor: Int) -> (any Parameterization)? {
    CPPNImage(
      [shape[0], shape[1], shape[2] * factor, shape[3] * factor], layers: layers, units: units)
  }
}

extension CPPNImage {
  /// What it is called.
  package static let named = NamedParameterization(
    "cppn", help: "smooth functions of the place, which can be enlarged",
    suits: ["transforms": "none", "learning-rate": "0.002", "steps": "512"]
  ) { ascent, _ in CPPNImage(ascent.shape) }
}
