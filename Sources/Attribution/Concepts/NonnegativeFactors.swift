/// A layer's positions as sums of a few parts, all of it at least 0: `X ≈ W H`.
///
/// The rows of `H` are directions of channels that fire together, concepts; a column of `W` says where each is
/// seen. From the start of `NonnegativeStart`, the elements of `W` and then those of `H` are set to what is best for
/// each alone, column by column, in every round.
///
/// Sources: Cichocki and Phan, "Fast Local Algorithms for Large Scale Nonnegative Matrix and Tensor
/// Factorizations", IEICE Transactions 2009, as in scikit-learn (`solver='cd'`); of activations, Olah et al.,
/// "The Building Blocks of Interpretability", Distill 2018, and Fel et al., "CRAFT", CVPR 2023.
public struct NonnegativeFactors: Sendable {
  /// How much of each part is at each position: a row a position, a column a part.
  public private(set) var amounts: PositionTable
  /// What each part is made of: a row a part, a column a channel.
  public private(set) var parts: PositionTable
  /// The length of `X − W H`, all elements in a row.
  public let error: Double

  /// Factors a table.
  ///
  /// - Parameters:
  ///   - table: A row a position; nothing below 0, as after a rectifier.
  ///   - count: How many parts.
  ///   - iterations: How many rounds.
  public init(of table: PositionTable, count: Int, iterations: Int = 200) {
    precondition(table.numbers.allSatisfy { $0 >= 0 }, "NonnegativeFactors: numbers below 0")
    let start = NonnegativeStart(of: table, count: count)
    let turned = table.transposed
    var (w, h) = (start.amounts, start.parts.transposed)
    for _ in 0..<iterations {
      Self.improve(&w, products: h.transposed.times(h), with: table.times(h))
      Self.improve(&h, products: w.transposed.times(w), with: turned.times(w))
    }
    (amounts, parts) = (w, h.transposed)
    error = zip(table.numbers, w.times(parts).numbers)
      .reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }.squareRoot()
  }

  /// Sets the elements of one factor to what is best for each, column by column.
  private static func improve(
    _ factor: inout PositionTable, products: PositionTable, with right: PositionTable
  ) {
    for column in 0..<factor.columns where products[column, column] != 0 {
      for row in 0..<factor.rows {
        var slope = -right[row, column]
        for other in 0..<factor.columns { slope += products[column, other] * factor[row, other] }
        factor[row, column] = max(factor[row, column] - slope / products[column, column], 0)
      }
    }
  }
}
