public import Tensors

/// The linear module: `x_out = W x_in` for each sample of the batch.
///
/// `∂L/∂x_in = ∂L/∂x_out · W` and `∂L/∂W = x_in · ∂L/∂x_out`, summed over the batch. The lecture writes
/// gradients in the Jacobian's layout, as rows, and transposes `∂L/∂W` for the update; here it has the
/// shape of W at once. Its bias is the next module's: `Pointwise`.
public struct Linear: Module {
  /// The matrix, shape (outputs, inputs).
  public var matrix: Tensor

  private var input = Tensor(0)

  /// Creates the module from its matrix.
  ///
  /// - Parameter matrix: W, shape (outputs, inputs).
  public init(_ matrix: Tensor) {
    precondition(matrix.shape.rank == 2, "Linear: a matrix of shape \(matrix.shape)")
    self.matrix = matrix
  }

  /// Creates the module with random weights that keep the size of what passes through.
  ///
  /// Their variance is `gain² / inputs`. Source: He et al., "Delving Deep into Rectifiers", ICCV 2015
  /// (`gain` √2, for ReLU).
  public init(
    inputs: Int, outputs: Int, gain: Float = 1, using random: inout some RandomNumberGenerator
  ) {
    let deviation = gain / Float(inputs).squareRoot()
    self.init(Tensor.normal([outputs, inputs], standardDeviation: deviation, using: &random))
  }

  /// The matrix.
  public var weights: [Tensor] {
    get { [matrix] }
    set { matrix = newValue[0] }
  }

  /// `x_in Wᵀ`: from shape (batch, inputs) to (batch, outputs).
  public mutating func forward(_ inputs: [Tensor], training: Bool) -> Tensor {
    input = inputs[0]
    return Tensor.matmul(input, matrix.transposed([1, 0]))
  }

  /// `g W`.
  public func backpropToInputs(_ upstream: Tensor) -> [Tensor] {
    [Tensor.matmul(upstream, matrix)]
  }

  /// `gᵀ x_in`.
  public func backpropToWeights(_ upstream: Tensor) -> [Tensor] {
    [Tensor.matmul(upstream.transposed([1, 0]), input)]
  }
}
