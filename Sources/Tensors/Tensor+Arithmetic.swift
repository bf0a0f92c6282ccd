import Contracts

// Operators with NumPy's broadcasting. The generic loops stand in the same file as their callers, so
// that they are specialized even where the compiler sees one file at a time.

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

extension Tensor {
  /// Combines two tensors element by element.
  @inline(__always)
  private func combined(with other: Tensor, _ combine: (Float, Float) -> Float) -> Tensor {
    if shape == other.shape {
      let result = Tensor(uninitialized: shape)
      let (out, a, b) = (result.start, start, other.start)
      ThreadPool.shareElements(count) { for i in $0 { out[i] = combine(a[i], b[i]) } }
      withExtendedLifetime((self, other)) {}
      return result
    }
    return broadcast(with: other, combine)
  }

  @inline(__always)
  private func broadcast(with other: Tensor, _ combine: (Float, Float) -> Float) -> Tensor {
    let result = shape.broadcast(with: other.shape)
    let walk = RowWalk(
      over: result, shape.strides(broadcastTo: result), other.shape.strides(broadcastTo: result))
    let tensor = Tensor(uninitialized: result)
    let (out, a, b) = (tensor.start, start, other.start)
    let length = walk.rowLength
    let (p, q) = walk.rowStrides
    var position = 0
    for (first, second) in walk {
      let (out, a, b) = (out + position, a + first, b + second)
      if p == 1 && q == 0 {
        let scalar = b[0]
        for i in 0..<length { out[i] = combine(a[i], scalar) }
      } else if p == 0 && q == 1 {
        let scalar = a[0]
        for i in 0..<length { out[i] = combine(scalar, b[i]) }
      } else if p == 1 && q == 1 {
        for i in 0..<length { out[i] = combine(a[i], b[i]) }
      } else {
        for i in 0..<length { out[i] = combine(a[i * p], b[i * q]) }
      }
      position += length
    }
    withExtendedLifetime((self, other)) {}
    return tensor
  }

  /// The sum, element by element; shapes broadcast.
  public static func + (a: Tensor, b: Tensor) -> Tensor { a.combined(with: b) { $0 + $1 } }

  /// The difference, element by element; shapes broadcast.
  public static func - (a: Tensor, b: Tensor) -> Tensor { a.combined(with: b) { $0 - $1 } }

  /// The product, element by element; shapes broadcast.
  public static func * (a: Tensor, b: Tensor) -> Tensor { a.combined(with: b) { $0 * $1 } }

  /// The quotient, element by element; shapes broadcast.
  public static func / (a: Tensor, b: Tensor) -> Tensor { a.combined(with: b) { $0 / $1 } }

  /// The larger of two, element by element; shapes broadcast.
  public static func maximum(_ a: Tensor, _ b: Tensor) -> Tensor {
    a.combined(with: b) { $0 > $1 ? $0 : $1 }
  }

  /// The first to the power of the second, element by element; shapes broadcast.
  public static func power(_ a: Tensor, _ b: Tensor) -> Tensor {
    a.combined(with: b) { pow($0, $1) }
  }

  /// 1 where two tensors are equal and 0 elsewhere; shapes broadcast.
  public static func equal(_ a: Tensor, _ b: Tensor) -> Tensor {
    a.combined(with: b) { $0 == $1 ? 1 : 0 }
  }

  /// Adds a scalar to every element.
  public static func + (a: Tensor, b: Float) -> Tensor { a.mapped { $0 + b } }

  /// Adds a scalar to every element.
  public static func + (a: Float, b: Tensor) -> Tensor { b.mapped { a + $0 } }

  /// Subtracts a scalar from every element.
  public static func - (a: Tensor, b: Float) -> Tensor { a.mapped { $0 - b } }

  /// Subtracts every element from a scalar.
  public static func - (a: Float, b: Tensor) -> Tensor { b.mapped { a - $0 } }

  /// Multiplies every element by a scalar.
  public static func * (a: Tensor, b: Float) -> Tensor { a.mapped { $0 * b } }

  /// Multiplies every element by a scalar.
  public static func * (a: Float, b: Tensor) -> Tensor { b.mapped { a * $0 } }

  /// Divides every element by a scalar.
  public static func / (a: Tensor, b: Float) -> Tensor { a.mapped { $0 / b } }

  /// Divides a scalar by every element.
  public static func / (a: Float, b: Tensor) -> Tensor { b.mapped { a / $0 } }

  /// Every element with its sign changed.
  public static prefix func - (a: Tensor) -> Tensor { a.mapped { -$0 } }

  /// Adds another tensor of the same shape in place.
  ///
  /// - Precondition: The shapes are equal.
  public static func += (a: inout Tensor, b: Tensor) {
    precondition(a.shape == b.shape, "+=: \(b.shape) into \(a.shape)")
    let count = a.count
    a.withUnsafeMutableBufferPointer { a in
      b.withUnsafeBufferPointer { b in
        guard let a = a.baseAddress, let b = b.baseAddress else { return }
        ThreadPool.shareElements(count) { for i in $0 { a[i] += b[i] } }
      }
    }
  }

  // A twin of the public `map` that this file can inline.
  @inline(__always)
  private func mapped(_ transform: (Float) -> Float) -> Tensor {
    let result = Tensor(uninitialized: shape)
    let (out, x) = (result.start, start)
    ThreadPool.shareElements(count) { for i in $0 { out[i] = transform(x[i]) } }
    withExtendedLifetime(self) {}
    return result
  }
}
