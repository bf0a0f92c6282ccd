import Contracts

extension Tensor {
  /// The axes in another order: axis `i` of the result is axis `order[i]` of this tensor.
  ///
  /// - Precondition: `order` is a permutation of the axes.
  public func transposed(_ order: [Int]) -> Tensor {
    precondition(
      order.sorted() == Array(shape.dimensions.indices),
      "transposed: order \(order) for shape \(shape)")
    let strides = order.map { shape.strides[$0] }
    return strided(Shape(order.map { shape.dimensions[$0] }), strides: strides)
  }

  /// Copies the tensor stretched to a larger shape by NumPy's rule.
  public func broadcast(to target: Shape) -> Tensor {
    shape == target ? self : strided(target, strides: shape.strides(broadcastTo: target))
  }

  /// The part within one range per axis.
  ///
  /// - Precondition: Every range lies within its axis.
  public func sliced(_ ranges: [Range<Int>]) -> Tensor {
    checkRanges(ranges)
    let result = Shape(ranges.map(\.count))
    return strided(
      result, strides: shape.strides,
      offset: zip(ranges, shape.strides).map { $0.lowerBound * $1 }
        .reduce(0, +))
  }

  /// A larger tensor with this one in its middle and a constant around it.
  ///
  /// - Parameters:
  ///   - before: How many elements to add in front of the first, one count per axis.
  ///   - after: How many elements to add behind the last, one count per axis.
  ///   - value: What to fill them with.
  /// - Returns: A tensor of the same rank.
  public func padded(before: [Int], after: [Int], with value: Float = 0) -> Tensor {
    precondition(
      before.count == shape.rank && after.count == shape.rank,
      "padded: \(before.count) and \(after.count) widths for shape \(shape)")
    let extents = zip(shape.dimensions, zip(before, after)).map { $0 + $1.0 + $1.1 }
    let result = Shape(extents)
    let start = zip(before, result.strides).map(*).reduce(0, +)
    let tensor = Tensor(result, repeating: value)
    copy(
      RowWalk(over: shape, shape.strides, result.strides), from: self.start,
      to: tensor.start + start)
    return tensor
  }

  /// The slices at some indices of one axis, in their order; an index may come more than once.
  public func gathered(_ indices: [Int], alongAxis axis: Int) -> Tensor {
    let axis = shape.normalized(axis: axis)
    let (outer, extent, inner) = blocks(around: axis)
    precondition(
      indices.allSatisfy { $0 >= 0 && $0 < extent },
      "gathered: an index of \(indices) lies outside axis \(axis) of shape \(shape)")
    var result = shape
    result[axis] = indices.count
    let tensor = Tensor(uninitialized: result)
    var out = tensor.start
    for i in 0..<outer {
      for index in indices {
        let x = start + (i * extent + index) * inner
        Self.share(inner) { for k in $0 { out[k] = x[k] } }
        out += inner
      }
    }
    withExtendedLifetime(self) {}
    return tensor
  }

  /// The adjoint of `gathered(_:alongAxis:)`: slice `i` is added to the slice `indices[i]` of zeros.
  ///
  /// - Parameters:
  ///   - indices: Where each slice goes.
  ///   - axis: The axis along which the slices lie.
  ///   - extent: The extent of that axis in the result.
  /// - Returns: A tensor of the same rank.
  public func scattered(_ indices: [Int], alongAxis axis: Int, extent: Int) -> Tensor {
    let axis = shape.normalized(axis: axis)
    let (outer, count, inner) = blocks(around: axis)
    precondition(count == indices.count, "scattered: \(indices.count) indices for shape \(shape)")
    var result = shape
    result[axis] = extent
    let tensor = Tensor(result, repeating: 0)
    var x = start
    for i in 0..<outer {
      for index in indices {
        let out = tensor.start + (i * extent + index) * inner
        Self.share(inner) { for k in $0 { out[k] += x[k] } }
        x += inner
      }
    }
    withExtendedLifetime(self) {}
    return tensor
  }

  /// Tensors one after the other along an axis.
  ///
  /// - Precondition: There is at least one; all extents but that of `axis` are equal.
  public static func concatenate(_ parts: [Tensor], alongAxis axis: Int = 0) -> Tensor {
    precondition(!parts.isEmpty, "concatenate: nothing to concatenate")
    let axis = parts[0].shape.normalized(axis: axis)
    var result = parts[0].shape
    result[axis] = parts.reduce(0) { $0 + $1.shape[axis] }
    for part in parts {
      var shape = part.shape
      precondition(shape.rank == result.rank, "concatenate: ranks of \(shape) and \(result)")
      shape[axis] = result[axis]
      precondition(shape == result, "concatenate: \(part.shape) and \(parts[0].shape)")
    }
    let tensor = Tensor(uninitialized: result)
    var target = tensor.start
    for part in parts {
      let (outer, extent, inner) = part.blocks(around: axis)
      let count = extent * inner
      for i in 0..<outer {
        (target + i * result[axis] * inner).update(from: part.start + i * count, count: count)
      }
      withExtendedLifetime(part) {}
      target += count
    }
    return tensor
  }

  /// The elements of a slice, on all threads where they are many.
  private static func share(_ count: Int, _ body: (Range<Int>) -> Void) {
    if count < 1 << 14 { body(0..<count) } else { ThreadPool.shareElements(count, body) }
  }

  private func blocks(around axis: Int) -> (outer: Int, extent: Int, inner: Int) {
    (
      shape.dimensions[..<axis].reduce(1, *), shape.dimensions[axis],
      shape.dimensions[(axis + 1)...].reduce(1, *)
    )
  }

  private func checkRanges(_ ranges: [Range<Int>]) {
    precondition(
      ranges.count == shape.rank
        && zip(ranges, shape.dimensions).allSatisfy { $0.lowerBound >= 0 && $0.upperBound <= $1 },
      "sliced: ranges \(ranges) of shape \(shape)")
  }

  private func strided(_ result: Shape, strides: [Int], offset: Int = 0) -> Tensor {
    let tensor = Tensor(uninitialized: result)
    copy(
      RowWalk(over: result, strides, result.strides), from: start + offset, to: tensor.start)
    return tensor
  }

  private func copy(
    _ walk: RowWalk, from source: UnsafeMutablePointer<Float>,
    to target: UnsafeMutablePointer<Float>
  ) {
    let length = walk.rowLength
    let (p, q) = walk.rowStrides
    let isPlain = p == 1 && q == 1
    ThreadPool.shareElements(walk.rowCount, worth: isPlain ? length / 8 : length) { range in
      var rows = walk.rows(from: range.lowerBound)
      for _ in range {
        guard let (first, second) = rows.next() else { return }
        let (x, out) = (source + first, target + second)
        if isPlain {
          out.update(from: x, count: length)
        } else {
          for i in 0..<length { out[i * q] = x[i * p] }
        }
      }
    }
    withExtendedLifetime(self) {}
  }
}
