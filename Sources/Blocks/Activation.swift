package import CKernels
package import Tensors

/// An activation that is more than a clamp, on channel blocks.
package struct Activation {
  var kernel: kernel_activation

  package init(_ function: kernel_function, alpha: Float = 0, beta: Float = 0) {
    kernel = kernel_activation(function: function, alpha: alpha, beta: beta)
  }

  /// For tables.
  package var name: String {
    switch kernel.function {
    case KERNEL_SIGMOID: "sigmoid"
    case KERNEL_SWISH: "swish"
    case KERNEL_HARD_SIGMOID: "hard sigmoid"
    case KERNEL_HARD_SWISH: "hard swish"
    case KERNEL_LEAKY_RELU: "leaky relu"
    case KERNEL_MISH: "mish"
    default: "gelu"
    }
  }

  /// Whether it is 0 at 0, so that a store may apply it also to channels that only pad.
  package var keepsZero: Bool {
    ![KERNEL_SIGMOID, KERNEL_HARD_SIGMOID].contains(kernel.function)
  }

  /// A stage that stores the activation of a map or, from the gradient of that, the map's own.
  package func stage(
    _ source: FeatureMap, gradient: FeatureMap? = nil, to store: Store
  ) -> (ThreadPool) -> Void {
    { [kernel] pool in
      source.forEachBlock(pool) { image, block in
        let view = { (map: FeatureMap) in map.kernelMap(image: image, block: block) }
        var kernel = kernel
        var epilogue = store.epilogue(view: view)
        let channels = Int32(min(16, source.channels - 16 * block))
        let (rows, columns) = (Int32(source.height), Int32(source.width))
        if let gradient {
          kernel_activate_backward(
            &kernel, view(source), view(gradient), view(store.map), &epilogue, channels, rows,
            columns)
        } else {
          kernel_activate(
            &kernel, view(source), view(store.map), &epilogue, channels, rows, columns)
        }
      }
    }
  }

  /// The same on a tensor, for the tape.
  ///
  /// - Parameters:
  ///   - x: What it is applied to.
  ///   - gradient: What comes back to its result, for the gradient of `x`; `nil`: the result itself.
  /// - Returns: The shape of `x`.
  package func callAsFunction(_ x: Tensor, gradient: Tensor? = nil) -> Tensor {
    let count = x.shape.count
    return Tensor(x.shape) { out in
      x.withUnsafeBufferPointer { x in
        (gradient ?? Tensor([0])).withUnsafeBufferPointer { g in
          guard let x = x.baseAddress, let out = out.baseAddress else { return }
          let g = gradient == nil ? nil : g.baseAddress
          ThreadPool.shareElements(count, worth: 2) { range in
            let first = range.lowerBound
            withUnsafePointer(to: kernel) {
              kernel_activate_scalars($0, x + first, g.map { $0 + first }, out + first, range.count)
            }
          }
        }
      }
    }
  }
}
