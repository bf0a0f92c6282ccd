import CKernels
import Tensors

/// The running means of the gradient and of its square that the Adam family shares.
package struct Moments: Sendable {
  /// The number of updates so far.
  private(set) var step = 0

  private var means: [Tensor] = []
  private var squares: [Tensor] = []

  /// How one update uses the means, the same for all scalars.
  package struct Step: Sendable {
    /// How much of the mean and of the mean of squares stays.
    var meanDecay: Float
    var squareDecay: Float

    /// `θ ← kept θ − (ofMean m + ofGradient g) / (rootScale √v + ε)`.
    var ofMean: Float
    var ofGradient: Float = 0
    var kept: Float = 1
    var rootScale: Float
    var epsilon: Float

    private var kernel: kernel_moments {
      kernel_moments(
        mean_decay: meanDecay, square_decay: squareDecay, of_mean: ofMean, of_gradient: ofGradient,
        kept: kept, root_scale: rootScale, epsilon: epsilon)
    }

    /// Updates some parameters and their means in place.
    package func update(
      _ x: UnsafeMutablePointer<Float>, means: UnsafeMutablePointer<Float>,
      squares: UnsafeMutablePointer<Float>, along gradient: UnsafePointer<Float>, count: Int
    ) {
      withUnsafePointer(to: kernel) {
        kernel_update_moments($0, x, means, squares, gradient, count)
      }
    }
  }

  /// Counts an update.
  mutating func advance() { step += 1 }

  /// Updates the means and the parameters in one pass.
  mutating func update(_ parameters: inout [Tensor], along gradients: [Tensor], _ step: Step) {
    checkShapes(parameters, gradients)
    prepareState(&means, for: parameters)
    prepareState(&squares, for: parameters)
    for i in parameters.indices {
      parameters[i].withUnsafeMutableBufferPointer { x in
        means[i].withUnsafeMutableBufferPointer { m in
          squares[i].withUnsafeMutableBufferPointer { v in
            gradients[i].withUnsafeBufferPointer { g in
              guard let x = x.baseAddress, let m = m.baseAddress, let v = v.baseAddress,
                let gradient = g.baseAddress
              else { return }
              ThreadPool.shareElements(g.count) { range in
                let first = range.lowerBound
                step.update(
                  x + first, means: m + first, squares: v + first, along: gradient + first,
                  count: range.count)
              }
            }
          }
        }
      }
    }
  }
}
