import Blocks

/// One layer of a network to be trained.
struct Layer: Sendable {
  /// What a layer computes.
  enum Kind: Sendable {
    /// A convolution, its batch norm, and, where there is an addend, the sum of both.
    case convolution(Window)
    /// A matrix product and a bias.
    case dense
    /// The mean over all pixels.
    case globalMean
  }

  /// The module's path in the exported file: `stage2.1.conv1`.
  var name: String
  var kind: Kind
  /// The number of the layer whose result is added before the rectifier: the residual connection.
  var addend: Int?
  var isRectified = false
  var inputs: Int
  var outputs: Int
  /// The extents of the result, in pixels.
  var height = 1
  var width = 1

  /// Multiply-adds an image.
  var cost: Int {
    switch kind {
    case .convolution(let window): height * width * inputs * outputs * window.size * window.size
    case .dense: inputs * outputs
    case .globalMean: 0
    }
  }
}
