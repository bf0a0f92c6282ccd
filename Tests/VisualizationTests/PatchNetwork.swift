import Autodiff
import Networks
import Tensors
import Visualization

/// A network of one convolution of 4×4 pixels in steps of 4, a rectifier, and scores of its means.
///
/// Layers: `patches` (before the rectifier), `relu`, `scores`.
final class PatchNetwork: VisualizableNetwork {
  let filters: Tensor
  let classes: Tensor
  private(set) var compiled: [Shape] = []

  init(channels: Int = 3, filters: Int = 6, classes: Int = 5, seed: UInt64 = 1) {
    var random = SplitMix64(seed: seed)
    self.filters = .normal([channels * 16, filters], standardDeviation: 0.5, using: &random)
    self.classes = .normal([filters, classes], using: &random)
  }

  func compile(
    readings: [Reading], inputShape: Shape, redirecting: Bool
  ) -> any DifferentiableModel {
    compiled.append(inputShape)
    return Model(
      network: self, readings: readings, inputShape: inputShape, redirecting: redirecting)
  }

  private final class Model: DifferentiableModel {
    let network: PatchNetwork
    let readings: [Reading]
    let inputShape: Shape
    let redirecting: Bool

    init(network: PatchNetwork, readings: [Reading], inputShape: Shape, redirecting: Bool) {
      (self.network, self.readings, self.inputShape) = (network, readings, inputShape)
      self.redirecting = redirecting
    }

    /// A rectifier whose gradient, of something to be made small, also turns it on.
    private func redirectedRelu(_ x: Variable) -> Variable {
      Variable(relu(x).value, operation: "redirected relu", inputs: [x]) { g in
        let pairs = zip(x.value.scalars, g.value.scalars)
        return [Variable(Tensor(x.shape, pairs.map { $0 > 0 ? $1 : min($1, 0) }))]
      }
    }

    func activations(_ input: Variable) throws -> [Variable] {
      precondition(input.shape == inputShape)
      let s = input.shape
      let (rows, columns) = (s[2] / 4, s[3] / 4)
      let patches = matmul(
        input.sliced([0..<s[0], 0..<s[1], 0..<rows * 4, 0..<columns * 4])
          .reshaped(to: [s[0], s[1], rows, 4, columns, 4]).transposed([0, 2, 4, 1, 3, 5])
          .reshaped(to: [s[0] * rows * columns, s[1] * 16]), Variable(network.filters)
      ).reshaped(to: [s[0], rows, columns, network.filters.shape[1]]).transposed([0, 3, 1, 2])
      let rectified = redirecting ? redirectedRelu(patches) : relu(patches)
      let scores = matmul(rectified.mean(alongAxes: [2, 3]), Variable(network.classes))
      let layers = ["patches": patches, "relu": rectified, "scores": scores]
      return try readings.map { reading in
        guard let layer = layers[reading.title] else { preconditionFailure(reading.title) }
        let some = reading.channels.map { layer.gathered($0, alongAxis: 1) } ?? layer
        guard let (row, column) = try reading.position(in: some.shape) else { return some }
        return some.sliced(row..<row + 1, alongAxis: 2).sliced(column..<column + 1, alongAxis: 3)
      }
    }
  }
}
