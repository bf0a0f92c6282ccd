import Foundation
import Graphs
import Tensors

extension ExactOperator {
  /// Reductions over some axes, and sums along one.
  static let reductions: [ExactOperator] = [
    reduction("ReduceSum") { $0.sum($1, keeping: $2) },
    reduction("ReduceMean") { $0.mean($1, keeping: $2) },
    reduction("ReduceL1") { norm($0, $1, p: 1, keeping: $2) },
    reduction("ReduceL2") { norm($0, $1, p: 2, keeping: $2) },
    reduction("ReduceSumSquare") { $0.squared.sum($1, keeping: $2) },
    reduction("ReduceLogSum") { x, axes, keeping in
      x.sum(axes, keeping: keeping).map({ log($0) }) { x, _ in 1 / x }
    },
    reduction("ReduceLogSumExp") { $0.logSumExp($1, keeping: $2) },
    reduction("ReduceProd") { $0.product($1, keeping: $2) },
    ExactOperator("CumSum") { call in
      let x = try call.input(0)
      let axis = call.axis(Int(call.optional(1)?.scalars.first ?? 0), rank: x.shape.rank)
      let (excludes, reverses) = (
        call.node.int("exclusive", default: 0) != 0, call.node.int("reverse", default: 0) != 0
      )
      return x.withAxisLast(axis) { $0.runningSums(excluding: excludes, backwards: reverses) }
    },
  ]

  /// The axes that a node reduces; `nil` where it leaves everything as it is.
  static func axes(_ call: ExactCall, rank: Int) -> [Int]? {
    let named = call.integers("axes", orInput: 1) ?? []
    if named.isEmpty {
      return call.node.int("noop_with_empty_axes", default: 0) != 0 ? nil : Array(0..<rank)
    }
    return named.map { call.axis($0, rank: rank) }
  }

  private static func reduction(
    _ type: String,
    _ body: @escaping @Sendable (_ x: Exact, _ axes: [Int], _ keeping: Bool) -> Exact
  ) -> ExactOperator {
    ExactOperator(type) { call in
      let x = try call.input(0)
      // Nothing to reduce over still applies the function to every scalar by itself.
      let axes = axes(call, rank: x.shape.rank) ?? []
      return body(x, axes, call.node.int("keepdims", default: 1) != 0)
    }
  }
}
