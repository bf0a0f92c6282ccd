public import Tensors

extension Variable {
  /// Scalars from any places of a row, in any order, of all rows alike: element `i` of a row of the result
  /// is that at `indices[i]`, or `filling` where the index is negative.
  ///
  /// VJP: `g ↦` every cotangent added to the scalar it came from, `placedInRows(_:extent:)`.
  ///
  /// - Parameters:
  ///   - indices: Places along the last axis.
  ///   - filling: What stands where nothing is picked.
  /// - Returns: Shape (…, indices) for a variable of shape (…, extent).
  /// - Precondition: Every index lies within the last axis or is negative.
  public func pickedInRows(_ indices: [Int], filling: Float = 0) -> Variable {
    let extent = shape[-1]
    precondition(
      indices.allSatisfy { $0 < extent }, "pickedInRows: an index beyond an axis of \(extent)")
    let count = indices.count
    let value = Tensor(Shape(shape.dimensions.dropLast() + [count])) { result in
      self.value.withUnsafeBufferPointer { x in
        for row in 0..<(count == 0 ? 0 : result.count / count) {
          let (from, to) = (row * extent, row * count)
          for i in 0..<count {
            let index = indices[i]
            result[to + i] = index < 0 ? filling : x[from + index]
          }
        }
      }
    }
    return Variable(value, operation: "pick", inputs: [self]) { g in
      [g.placedInRows(indices, extent: extent)]
    }
  }

  /// The adjoint of `pickedInRows(_:filling:)`: element `i` of a row is added to element `indices[i]` of a
  /// row of zeros.
  ///
  /// VJP: `g ↦` the scalars of `g` at the indices.
  ///
  /// - Parameters:
  ///   - indices: Where each element goes; one with a negative index goes nowhere.
  ///   - extent: The extent of the last axis of the result.
  /// - Returns: Shape (…, extent) for a variable of shape (…, indices).
  /// - Precondition: Every index is less than `extent`.
  public func placedInRows(_ indices: [Int], extent: Int) -> Variable {
    let count = indices.count
    precondition(
      shape[-1] == count && indices.allSatisfy { $0 < extent },
      "placedInRows: \(count) indices for \(shape) into an axis of \(extent)")
    let value = Tensor(Shape(shape.dimensions.dropLast() + [extent])) { result in
      result.initialize(repeating: 0)
      self.value.withUnsafeBufferPointer { x in
        for row in 0..<(count == 0 ? 0 : x.count / count) {
          let (from, to) = (row * count, row * extent)
          for i in 0..<count where indices[i] >= 0 { result[to + indices[i]] += x[from + i] }
        }
      }
    }
    return Variable(value, operation: "place", inputs: [self]) { g in [g.pickedInRows(indices)] }
  }

  /// Scalars from any places of the whole, in row-major order, as a tensor of another shape.
  ///
  /// - Precondition: As many indices as `shape` has scalars, each within this variable or negative.
  public func picked(_ indices: [Int], shape: Shape, filling: Float = 0) -> Variable {
    reshaped(to: [self.shape.count]).pickedInRows(indices, filling: filling).reshaped(to: shape)
  }

  /// The adjoint of `picked(_:shape:filling:)`.
  ///
  /// - Precondition: As many indices as this variable has scalars, each within `shape` or negative.
  public func placed(_ indices: [Int], shape: Shape) -> Variable {
    reshaped(to: [self.shape.count]).placedInRows(indices, extent: shape.count).reshaped(to: shape)
  }
}
