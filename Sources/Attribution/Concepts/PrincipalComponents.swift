/// The directions along which a layer's positions differ most.
///
/// Of a transformer's tokens the first three, as red, green and blue, show what it takes for one thing. A
/// component's entry of the greatest magnitude is positive: its sign would be arbitrary otherwise.
///
/// Source: Oquab et al., "DINOv2: Learning Robust Visual Features without Supervision", 2023, section 7.6.
public struct PrincipalComponents: Sendable {
  /// The mean of each channel.
  public let mean: [Double]
  /// A row a component, of length 1, the one of the greatest variance first.
  public let components: PositionTable
  /// The variance along each, over the number of rows less 1.
  public let variances: [Double]

  /// Finds the components of a table.
  ///
  /// - Parameters:
  ///   - table: A row a position; two at least.
  ///   - count: How many components, at most one a column.
  /// - Complexity: Up to 64 columns O(rows · columns² + columns³); else O(rows · columns) a step of an iteration.
  public init(of table: PositionTable, count: Int = 3) {
    precondition(
      table.rows >= 2 && (1...table.columns).contains(count),
      "PrincipalComponents: \(count) of \(table.rows)×\(table.columns)")
    mean = (0..<table.columns).map { column in
      (0..<table.rows).reduce(0) { $0 + table[$1, column] } / Double(table.rows)
    }
    let centred = Self.centred(table, mean)
    let found =
      table.columns > 64
      ? centred.leadingDirections(count) : Self.allDirections(of: centred)
    components = PositionTable(
      rows: count, columns: table.columns,
      numbers: found.prefix(count).flatMap { _, vector in
        let greatest = vector.max { abs($0) < abs($1) } ?? 0
        return greatest < 0 ? vector.map { -$0 } : vector
      })
    variances = found.prefix(count).map { max($0.value, 0) / Double(table.rows - 1) }
  }

  private static func allDirections(
    of centred: PositionTable
  ) -> [(value: Double, vector: [Double])] {
    let products = centred.transposed.times(centred)
    let eigen = SymmetricEigen(
      (0..<centred.columns).map { row in (0..<centred.columns).map { products[row, $0] } })
    return zip(eigen.values, eigen.vectors).map { (value: $0, vector: $1) }
  }

  /// Where positions lie along the components.
  ///
  /// - Parameter table: Of the same columns.
  /// - Returns: A row a position, a column a component.
  public func scores(of table: PositionTable) -> PositionTable {
    Self.centred(table, mean).times(components.transposed)
  }

  private static func centred(_ table: PositionTable, _ mean: [Double]) -> PositionTable {
    var result = table
    for row in 0..<table.rows {
      for column in 0..<table.columns { result[row, column] -= mean[column] }
    }
    return result
  }
}
