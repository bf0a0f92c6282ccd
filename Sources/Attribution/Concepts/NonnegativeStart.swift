/// Where non-negative factors begin: what is positive, or what is negative, of each singular pair, whichever is more.
///
/// Source: Boutsidis and Gallopoulos, "SVD Based Initialization: A Head Start for Nonnegative Matrix
/// Factorization" (NNDSVD), Pattern Recognition 2008; what is below 1e-6 is 0, as in scikit-learn.
public struct NonnegativeStart: Sendable {
  /// How much of each part is at each position: a row a position, a column a part.
  public private(set) var amounts: PositionTable
  /// What each part is made of: a row a part, a column a channel.
  public private(set) var parts: PositionTable

  /// Finds the start for a table.
  ///
  /// - Parameters:
  ///   - table: A row a position.
  ///   - count: How many parts, at most one a column.
  public init(of table: PositionTable, count: Int) {
    precondition((1...table.columns).contains(count), "NonnegativeStart: \(count) parts")
    amounts = PositionTable(rows: table.rows, columns: count)
    parts = PositionTable(rows: count, columns: table.columns)
    let products = table.transposed.times(table)
    let eigen = SymmetricEigen(
      (0..<table.columns).map { row in (0..<table.columns).map { products[row, $0] } })
    for part in 0..<count {
      let size = max(eigen.values[part], 0).squareRoot()
      guard size > 0 else { continue }
      let right = eigen.vectors[part]
      let left = table.times(PositionTable(rows: table.columns, columns: 1, numbers: right))
        .numbers.map { $0 / size }
      take(part, left, right, size)
    }
  }

  private mutating func take(_ part: Int, _ left: [Double], _ right: [Double], _ size: Double) {
    // All of the first pair has one sign, but for rounding.
    let signs: [Double] = part == 0 ? [0] : [1, -1]
    let candidates = signs.map { sign in
      let own = [left, right].map { vector in
        vector.map { sign == 0 ? abs($0) : max(sign * $0, 0) }
      }
      let lengths = own.map { $0.reduce(0) { $0 + $1 * $1 }.squareRoot() }
      return (vectors: own, lengths: lengths, size: lengths[0] * lengths[1])
    }
    guard let best = candidates.max(by: { $0.size < $1.size }), best.size > 0 else { return }
    let scale = (size * best.size).squareRoot()
    func kept(_ x: Double) -> Double { x < 1e-6 ? 0 : x }
    for (row, x) in best.vectors[0].enumerated() {
      amounts[row, part] = kept(x * scale / best.lengths[0])
    }
    for (column, x) in best.vectors[1].enumerated() {
      parts[part, column] = kept(x * scale / best.lengths[1])
    }
  }
}
