public import Tensors

/// The convolution of feature maps: `x_out[o, p] = Σ_c Σ_k W[o, c, k] · x_in[c, s p + k − padding]`.
///
/// The reference, as short as the definition: a convolution is a sum of products over triples of an
/// input, a weight and an output, and all three operations are sums over these triples. The training
/// engine has fast ones. As most frameworks' "convolution", it does not flip the kernel.
public struct Convolution: Module {
  /// The kernels, shape (outputs, inputs, height, width).
  public var kernels: Tensor

  /// How many pixels of the input lie between neighbouring outputs.
  public let stride: Int

  /// How many zeros are put around the input on each side, in pixels.
  public let padding: Int

  private var input = Tensor([0, 0, 0, 0])

  /// Creates the module.
  ///
  /// - Parameters:
  ///   - kernels: W, shape (outputs, inputs, height, width).
  ///   - stride: How many pixels of the input lie between neighbouring outputs.
  ///   - padding: How many zeros are put around the input on each side, in pixels.
  public init(_ kernels: Tensor, stride: Int = 1, padding: Int = 0) {
    precondition(
      kernels.shape.rank == 4 && stride >= 1 && padding >= 0,
      "Convolution: kernels of shape \(kernels.shape), stride \(stride), padding \(padding)")
    (self.kernels, self.stride, self.padding) = (kernels, stride, padding)
  }

  /// The kernels.
  public var weights: [Tensor] {
    get { [kernels] }
    set { kernels = newValue[0] }
  }

  /// From shape (batch, inputs, height, width) to (batch, outputs, …, …).
  public mutating func forward(_ inputs: [Tensor], training: Bool) -> Tensor {
    input = inputs[0]
    precondition(
      input.shape.rank == 4 && input.shape[1] == kernels.shape[1],
      "Convolution: \(input.shape) into kernels \(kernels.shape)")
    return sumOverTriples(of: input, kernels, into: outputShape) { x, w, out, i, k, o in
      out[o] += w[k] * x[i]
    }
  }

  /// `∂L/∂x_in = Σ ∂L/∂x_out · W`.
  public func backpropToInputs(_ upstream: Tensor) -> [Tensor] {
    [
      sumOverTriples(of: upstream, kernels, into: input.shape) { g, w, out, i, k, o in
        out[i] += g[o] * w[k]
      }
    ]
  }

  /// `∂L/∂W = Σ ∂L/∂x_out · x_in`.
  public func backpropToWeights(_ upstream: Tensor) -> [Tensor] {
    [
      sumOverTriples(of: upstream, input, into: kernels.shape) { g, x, out, i, k, o in
        out[k] += g[o] * x[i]
      }
    ]
  }

  private var outputShape: Shape {
    func extent(_ axis: Int) -> Int {
      (input.shape[axis] + 2 * padding - kernels.shape[axis]) / stride + 1
    }
    return [input.shape[0], kernels.shape[0], extent(2), extent(3)]
  }

  private typealias Numbers = UnsafeBufferPointer<Float>

  /// Calls a closure with the places of each input, weight and output that meet in a product.
  @inline(__always)
  private func sumOverTriples(
    of a: Tensor, _ b: Tensor, into result: Shape,
    _ add: (Numbers, Numbers, UnsafeMutableBufferPointer<Float>, Int, Int, Int) -> Void
  ) -> Tensor {
    let (output, inputs) = (outputShape, input.shape)
    let (channels, height, width) = (inputs[1], inputs[2], inputs[3])
    let (rows, columns) = (kernels.shape[2], kernels.shape[3])
    return Tensor(result) { out in
      out.initialize(repeating: 0)
      a.withUnsafeBufferPointer { a in
        b.withUnsafeBufferPointer { b in
          for o in 0..<output.count {
            let (column, line) = (o % output[3] * stride, o / output[3] % output[2] * stride)
            let map = o / (output[3] * output[2])
            let (sample, kernel) = (map / output[1], map % output[1])
            for c in 0..<channels {
              for ky in 0..<rows {
                let y = line + ky - padding
                if y < 0 || y >= height { continue }
                for kx in 0..<columns {
                  let x = column + kx - padding
                  if x < 0 || x >= width { continue }
                  let i = ((sample * channels + c) * height + y) * width + x
                  add(a, b, out, i, ((kernel * channels + c) * rows + ky) * columns + kx, o)
                }
              }
            }
          }
        }
      }
    }
  }
}
