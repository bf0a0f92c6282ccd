package import Autodiff
import Blocks
package import Tensors

/// `y = f(x)`, element by element, with the derivative `f′(x)`.
///
/// It can be differentiated once, which is all that a plan asks for; the gradient of its gradient traps.
@inline(__always)
package func pointwise(
  _ x: Variable, _ f: (Float) -> Float, derivative: @escaping (Float) -> Float
) -> Variable {
  let value = Tensor(x.shape) { result in
    x.value.withUnsafeBufferPointer { x in
      ThreadPool.shareElements(x.count, worth: 10) { for i in $0 { result[i] = f(x[i]) } }
    }
  }
  return Variable(value, operation: "pointwise", inputs: [x]) { g in
    let cotangent = Tensor(x.shape) { result in
      x.value.withUnsafeBufferPointer { x in
        g.value.withUnsafeBufferPointer { g in
          ThreadPool.shareElements(x.count, worth: 10) {
            // What nothing depends on has no gradient, whatever its slope.
            for i in $0 { result[i] = g[i] == 0 ? 0 : g[i] * derivative(x[i]) }
          }
        }
      }
    }
    let operation = "the derivative of a function of elements, which is differentiated once,"
    return [Variable(cotangent, withoutDerivative: operation, inputs: [x, g])]
  }
}

/// `y = f(x)`, element by element, where `f` is constant but for its jumps: no gradient passes.
@inline(__always)
package func stepwise(_ x: Variable, _ f: (Float) -> Float) -> Variable {
  Variable(x.value.map(f))
}

/// Combines two tensors, element by element, whose shapes have been found to broadcast to `shape`.
@inline(__always)
package func combined(
  _ a: Tensor, _ b: Tensor, _ shape: Shape, _ combine: (Float, Float) -> Float
) -> Tensor {
  let (a, b) = (a.broadcast(to: shape), b.broadcast(to: shape))
  return Tensor(shape) { result in
    a.withUnsafeBufferPointer { a in
      b.withUnsafeBufferPointer { b in
        for i in 0..<result.count { result[i] = combine(a[i], b[i]) }
      }
    }
  }
}

/// `a` where a mask is not 0 and `b` elsewhere; what is not chosen does not matter, even if infinite.
///
/// - Parameters:
///   - mask: Of the shape `shape`.
///   - a: A shape that broadcasts to `shape`.
///   - b: A shape that broadcasts to `shape`.
///   - shape: The shape of the result.
/// - Returns: The shape `shape`.
package func select(_ mask: Tensor, _ a: Variable, _ b: Variable, _ shape: Shape) -> Variable {
  let (first, second) = (a.value.broadcast(to: shape), b.value.broadcast(to: shape))
  let value = Tensor(shape) { result in
    mask.withUnsafeBufferPointer { mask in
      first.withUnsafeBufferPointer { a in
        second.withUnsafeBufferPointer { b in
          for i in 0..<result.count { result[i] = mask[i] != 0 ? a[i] : b[i] }
        }
      }
    }
  }
  return Variable(value, operation: "select", inputs: [a, b]) { g in
    let zero = Variable(Tensor(0))
    return [
      a.isTraced ? select(mask, g, zero, shape).summed(to: a.shape) : nil,
      b.isTraced ? select(mask, zero, g, shape).summed(to: b.shape) : nil,
    ]
  }
}
