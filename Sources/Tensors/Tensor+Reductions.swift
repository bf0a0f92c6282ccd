import Contracts

extension Tensor {
  /// The sum over some axes; over all of them if none are named.
  ///
  /// - Parameters:
  ///   - axes: The axes to sum over; negative ones count from the last.
  ///   - keepingAxes: Whether they stay, with extent 1.
  /// - Returns: A tensor of the axes that are left.
  public func sum(alongAxes axes: [Int]? = nil, keepingAxes: Bool = false) -> Tensor {
    let reduced = Set((axes ?? Array(shape.dimensions.indices)).map(shape.normalized(axis:)))
    let kept = Shape(shape.dimensions.enumerated().map { reduced.contains($0) ? 1 : $1 })
    let dropped = Shape(
      shape.dimensions.enumerated().filter { !reduced.contains($0.offset) }.map(\.element))
    return summed(to: kept).reshaped(keepingAxes ? kept : dropped)
  }

  /// The sum over every axis that broadcasting to this shape would stretch: the adjoint of broadcasting.
  ///
  /// - Precondition: `target` broadcasts to the tensor's shape.
  public func summed(to target: Shape) -> Tensor {
    if shape == target { return self }
    if target.count == 1 { return Tensor(target, repeating: total) }
    let walk = RowWalk(
      over: shape, shape.strides, target.strides(broadcastTo: shape))
    let result = Tensor(target, repeating: 0)
    let length = walk.rowLength
    let (p, q) = walk.rowStrides
    for (first, second) in walk {
      let (x, out) = (start + first, result.start + second)
      if p == 1 && q == 0 {
        out[0] += Float(Self.sum(UnsafeBufferPointer(start: x, count: length)))
      } else if p == 1 && q == 1 {
        for i in 0..<length { out[i] += x[i] }
      } else {
        for i in 0..<length { out[i * q] += x[i * p] }
      }
    }
    withExtendedLifetime(self) {}
    return result
  }

  /// The sum of all elements.
  public var total: Float { Float(withUnsafeBufferPointer(Self.sum)) }

  /// The mean of all elements.
  public var mean: Float {
    Float(withUnsafeBufferPointer(Self.sum) / Double(count))
  }

  /// The largest element; negative infinity if there is none.
  public var maximum: Float {
    withUnsafeBufferPointer { x in
      var result = -Float.infinity
      for value in x where !(value <= result) { result = value }
      return result
    }
  }

  /// The smallest element; infinity if there is none.
  public var minimum: Float { -(-self).maximum }

  /// Whether every element is finite.
  public var isFinite: Bool {
    withUnsafeBufferPointer { x in
      var bad: UInt32 = 0
      for value in x { bad |= value.bitPattern & 0x7F80_0000 == 0x7F80_0000 ? 1 : 0 }
      return bad == 0
    }
  }

  /// The Euclidean norm of all elements.
  public var norm: Float { Float(Double(Self.dot(self, self)).squareRoot()) }

  /// The sum of the products of elements at the same place.
  ///
  /// - Precondition: The counts are equal.
  public static func dot(_ a: Tensor, _ b: Tensor) -> Float {
    precondition(a.count == b.count, "dot: shapes \(a.shape) and \(b.shape)")
    return Float(
      a.withUnsafeBufferPointer { a in
        b.withUnsafeBufferPointer { b in
          blocked(a.count, { dotOfBlock(a, b, $0) }) { Double(a[$0]) * Double(b[$0]) }
        }
      })
  }

  /// The largest elements over some axes, which stay with extent 1.
  ///
  /// - Parameter axes: The axes to reduce; negative ones count from the last.
  /// - Returns: A tensor of the same rank.
  public func maximum(alongAxes axes: [Int]) -> Tensor {
    let reduced = Set(axes.map(shape.normalized(axis:)))
    let target = Shape(shape.dimensions.enumerated().map { reduced.contains($0) ? 1 : $1 })
    let walk = RowWalk(over: shape, shape.strides, target.strides(broadcastTo: shape))
    return Tensor(target) { out in
      out.initialize(repeating: -.infinity)
      withUnsafeBufferPointer { x in
        let (p, q) = walk.rowStrides
        for (first, second) in walk {
          for i in 0..<walk.rowLength {
            let value = x[first + i * p]
            if !(value <= out[second + i * q]) { out[second + i * q] = value }
          }
        }
      }
    }
  }

  // MARK: Sums in blocks: eight partial sums of `Float` within a block, `Double` from block to block.

  private static let block = 1024

  private static func sum(_ x: UnsafeBufferPointer<Float>) -> Double {
    blocked(x.count, { sumOfBlock(x, $0) }) { Double(x[$0]) }
  }

  private static func blocked(
    _ count: Int, _ sumOfBlock: (Int) -> Double, _ element: (Int) -> Double
  ) -> Double {
    var result = 0.0
    let whole = count / block * block
    for start in stride(from: 0, to: whole, by: block) { result += sumOfBlock(start) }
    for i in whole..<count { result += element(i) }
    return result
  }

  private static func sumOfBlock(_ x: UnsafeBufferPointer<Float>, _ start: Int) -> Double {
    var sum = SIMD8<Float>()
    let bytes = UnsafeRawBufferPointer(x)
    for i in stride(from: start, to: start + block, by: 8) {
      sum += bytes.loadUnaligned(fromByteOffset: 4 * i, as: SIMD8<Float>.self)
    }
    return Double(sum.sum())
  }

  private static func dotOfBlock(
    _ x: UnsafeBufferPointer<Float>, _ y: UnsafeBufferPointer<Float>, _ start: Int
  ) -> Double {
    var sum = SIMD8<Float>()
    let (x, y) = (UnsafeRawBufferPointer(x), UnsafeRawBufferPointer(y))
    for i in stride(from: start, to: start + block, by: 8) {
      sum +=
        x.loadUnaligned(fromByteOffset: 4 * i, as: SIMD8<Float>.self)
        * y.loadUnaligned(fromByteOffset: 4 * i, as: SIMD8<Float>.self)
    }
    return Double(sum.sum())
  }
}
