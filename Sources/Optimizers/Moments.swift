import Tensors

/// The running means of the gradient and of its square that the Adam family shares.
struct Moments: Sendable {
  /// The number of updates so far.
  private(set) var step = 0

  private var means: [Tensor] = []
  private var squares: [Tensor] = []

  /// How one update uses the means, the same for all scalars.
  struct Step {
    /// How much of the mean and of the mean of squares stays.
    var meanDecay: Float
    var squareDecay: Float

    /// `θ ← kept θ − (ofMean m + ofGradient g) / (rootScale √v + ε)`.
    var ofMean: Float
    var ofGradient: Float = 0
    var kept: Float = 1
    var rootScale: Float
    var epsilon: Float
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
              let (p, q) = (step.meanDecay, step.squareDecay)
              ThreadPool.shareElements(x.count) { range in
                for k in range {
                  let gradient = g[k]
                  let mean = p * m[k] + (1 - p) * gradient
                  let square = q * v[k] + (1 - q) * gradient * gradient
                  m[k] = mean
                  v[k] = square
                  x[k] =
                    step.kept * x[k] - (step.ofMean * mean + step.ofGradient * gradient)
                    / (step.rootScale * squareRootApproximation(square) + step.epsilon)
                }
              }
            }
          }
        }
      }
    }
  }
}
