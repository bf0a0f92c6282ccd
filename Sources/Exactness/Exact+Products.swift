import Tensors

extension Exact {
  /// Products of matrices: …×M×K and …×K×N, whose leading axes broadcast, to …×M×N.
  static func product(_ a: Exact, _ b: Exact) -> Exact {
    let (m, k, n) = (a.shape[-2], a.shape[-1], b.shape[-1])
    precondition(b.shape[-2] == k, "Exact: a product of \(a.shape) and \(b.shape)")
    let (left, right) = (a.leading, b.leading)
    let leading = left.broadcast(with: right)
    let (p, q) = (left.places(in: leading), right.places(in: leading))
    let count = leading.count
    let (first, second) = (a.scalars, b.scalars)
    let hasWay = (a.way != nil, b.way != nil)
    let result = multiplied(
      first, second, MatrixProduct(rows: m, columns: n, inner: k), count,
      places: (p, q, .same), resultCount: count)
    // What no gradient is wanted of need not be kept.
    let turnedRight = hasWay.0 ? b.turned.scalars : []
    let turnedLeft = hasWay.1 ? a.turned.scalars : []
    return Exact(
      Shape(leading.dimensions + [m, n]), result,
      from: [
        (
          a,
          { g in
            multiplied(
              g, turnedRight, MatrixProduct(rows: m, columns: k, inner: n), count,
              places: (.same, q, p), resultCount: left.count)
          }
        ),
        (
          b,
          { g in
            multiplied(
              turnedLeft, g, MatrixProduct(rows: k, columns: n, inner: m), count,
              places: (p, .same, q), resultCount: right.count)
          }
        ),
      ])
  }

  private var leading: Shape { Shape(Array(shape.dimensions.dropLast(2))) }

  /// So many products, each of the matrices at its places, added up where its result's place says.
  private static func multiplied(
    _ a: [Double], _ b: [Double], _ each: MatrixProduct, _ count: Int,
    places: (Places, Places, Places), resultCount: Int
  ) -> [Double] {
    let size = each.rows * each.columns
    var result = [Double](repeating: 0, count: resultCount * size)
    result.withUnsafeMutableBufferPointer { result in
      a.withUnsafeBufferPointer { a in
        b.withUnsafeBufferPointer { b in
          guard let a = a.baseAddress, let b = b.baseAddress, let c = result.baseAddress else {
            return
          }
          func one(_ i: Int) {
            each.add(
              a + places.0.map(i) * each.rows * each.inner,
              b + places.1.map(i) * each.inner * each.columns, to: c + places.2.map(i) * size)
          }
          // Many small products that end in places of their own go to the threads whole.
          if case .same = places.2, count >= 8, size * each.inner < 1 << 20 {
            ThreadPool.share(count) { i, _ in one(i) }
          } else {
            for i in 0..<count { one(i) }
          }
        }
      }
    }
    return result
  }

  /// The matrix product as NumPy's `matmul`: a vector stands for a row on the left, a column on the right.
  static func matrixProduct(_ a: Exact, _ b: Exact) -> Exact {
    var left = a.shape.rank == 1 ? a.reshaped([1, a.shape[0]]) : a
    let right = b.shape.rank == 1 ? b.reshaped([b.shape[0], 1]) : b
    var shape = left.leading.broadcast(with: right.leading).dimensions
    // One matrix on the right meets all rows at once.
    if right.shape.rank == 2 {
      left = left.reshaped([left.scalars.count / max(1, left.shape[-1]), left.shape[-1]])
    }
    if a.shape.rank > 1 { shape.append(a.shape[-2]) }
    if b.shape.rank > 1 { shape.append(b.shape[-1]) }
    return product(left, right).reshaped(Shape(shape))
  }
}
