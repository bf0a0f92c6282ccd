public import Tensors

/// What a layer shows, as a table in Double: a row a position of each picture, a column a channel.
public struct PositionTable: Sendable {
  /// The rows.
  public let rows: Int
  /// The columns.
  public let columns: Int
  /// The numbers, row by row.
  public var numbers: [Double]

  /// Creates a table.
  ///
  /// - Parameters:
  ///   - rows: The rows.
  ///   - columns: The columns.
  ///   - numbers: The numbers, row by row; nil: zeros.
  public init(rows: Int, columns: Int, numbers: [Double]? = nil) {
    precondition(
      numbers.map { $0.count == rows * columns } ?? true,
      "PositionTable: \(numbers?.count ?? 0) numbers for \(rows)×\(columns)")
    (self.rows, self.columns) = (rows, columns)
    self.numbers = numbers ?? [Double](repeating: 0, count: rows * columns)
  }

  /// Takes what a layer yields.
  ///
  /// - Parameter activation: N×C×h×w; rows go by picture, then y, then x.
  public init(_ activation: Tensor) {
    precondition(activation.shape.rank == 4, "PositionTable: an activation of \(activation.shape)")
    let channels = activation.shape[1]
    let ordered = activation.transposed([0, 2, 3, 1]).scalars.map(Double.init)
    self.init(
      rows: ordered.count / max(channels, 1), columns: channels, numbers: ordered)
  }

  /// A number.
  public subscript(row: Int, column: Int) -> Double {
    get { numbers[row * columns + column] }
    set { numbers[row * columns + column] = newValue }
  }

  /// The same with rows for columns.
  public var transposed: PositionTable {
    var result = PositionTable(rows: columns, columns: rows)
    for row in 0..<rows {
      for column in 0..<columns { result[column, row] = self[row, column] }
    }
    return result
  }

  /// The product with another table, which has as many rows as this one columns.
  public func times(_ other: PositionTable) -> PositionTable {
    precondition(
      columns == other.rows, "PositionTable: \(columns) columns times \(other.rows) rows")
    var result = PositionTable(rows: rows, columns: other.columns)
    result.numbers.withUnsafeMutableBufferPointer { out in
      for row in 0..<rows {
        for place in 0..<columns {
          let factor = numbers[row * columns + place]
          if factor == 0 { continue }
          let (to, from) = (row * other.columns, place * other.columns)
          for column in 0..<other.columns {
            out[to + column] += factor * other.numbers[from + column]
          }
        }
      }
    }
    return result
  }

  /// A tensor of the table's shape.
  public var tensor: Tensor { Tensor([rows, columns], numbers.map { Float($0) }) }
}
