import Tensors

extension Variable {
  /// The same product of a cotangent and a slope, with 0 where the cotangent is 0 and the slope infinite.
  ///
  /// What nothing depends on has no gradient, whatever its slope: a quotient by 0 that `Where` leaves out, the root of 0
  /// that is squared again.
  ///
  /// - Parameter cotangent: The cotangent, of the same shape.
  /// - Returns: The product itself where all of it is finite.
  func cut(where cotangent: Variable) -> Variable {
    guard !value.isFinite, cotangent.shape == shape else { return self }
    let kept = Tensor(shape) { kept in
      value.withUnsafeBufferPointer { product in
        cotangent.value.withUnsafeBufferPointer { cotangent in
          for i in kept.indices { kept[i] = cotangent[i] == 0 && product[i].isNaN ? 0 : 1 }
        }
      }
    }
    let result = Tensor(shape) { result in
      value.withUnsafeBufferPointer { product in
        kept.withUnsafeBufferPointer { kept in
          for i in result.indices { result[i] = kept[i] == 0 ? 0 : product[i] }
        }
      }
    }
    return Variable(result, operation: "cut", inputs: [self]) { g in [g * Variable(kept)] }
  }
}
