import Autodiff
import Blocks
import Tensors

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

extension Operator {
  /// Reductions over some axes, which an attribute or, in later operator sets, an input names.
  static let reductions: [Operator] = [
    reduction("ReduceSum", .average) { try reduced($0) { $0.sum(alongAxes: $1, keepingAxes: $2) } },
    reduction("ReduceMean", .average) { call in
      let mean = try reduced(call) { $0.mean(alongAxes: $1, keepingAxes: $2) }
      return call.isInteger(0) ? stepwise(mean) { $0.rounded(.towardZero) } : mean
    },
    reduction("ReduceMax", .selection) { call in
      let largest = try reduced(call) { $0.maximum(alongAxes: $1, keepingAxes: $2) }
      // Of nothing, the smallest number that there is.
      return call.isInteger(0) ? stepwise(largest) { max($0, range(call).lowerBound) } : largest
    }.choosingByValue(),
    reduction("ReduceMin", .selection) { call in
      let smallest = try reduced(call) { -(-$0).maximum(alongAxes: $1, keepingAxes: $2) }
      return call.isInteger(0) ? stepwise(smallest) { min($0, range(call).upperBound) } : smallest
    }.choosingByValue(),
    reduction("ReduceL1", .reduction) {
      try reduced($0) { abs($0).sum(alongAxes: $1, keepingAxes: $2) }
    },
    reduction("ReduceL2", .reduction) {
      try rowReduced($0) { rowNorm($0, length: $1, first: false, shape: $2) }
    },
    reduction("ReduceSumSquare", .reduction) {
      try reduced($0) { square($0).sum(alongAxes: $1, keepingAxes: $2) }
    },
    reduction("ReduceLogSum", .reduction) {
      try reduced($0) { log($0.sum(alongAxes: $1, keepingAxes: $2)) }
    },
    reduction("ReduceLogSumExp", .reduction) { try rowReduced($0, rowLogSumExp) },
    reduction("ReduceProd", .reduction) { try rowReduced($0, rowProduct) },
  ]

  /// A reduction whose channels are where they were as long as the reduced axes stay.
  private static func reduction(
    _ type: String, _ role: Role, _ run: @escaping Function
  ) -> Operator {
    Operator(type, role, run).channels { call in
      guard call.node.int("keepdims", default: 1) != 0 else { return .unknown }
      let axes =
        call.node.ints("axes") ?? call.node.input(1).flatMap { call.constants[$0]?.integers }
      // A mean over features is the beginning of a layer norm.
      return type == "ReduceMean" && axes == [-1] ? .last : .kept
    }
  }

  /// The numbers that the first input, an integer, can hold.
  private static func range(_ call: TapeCall) -> ClosedRange<Float> {
    call.kind(0).range ?? -0x1p63...0x1p63
  }

  /// The axes that a node reduces; `nil` where it leaves everything as it is.
  private static func axes(_ call: TapeCall, rank: Int) throws -> [Int]? {
    let named = try call.integers("axes", orInput: 1) ?? []
    if named.isEmpty {
      return call.node.int("noop_with_empty_axes", default: 0) != 0 ? nil : Array(0..<rank)
    }
    return try call.axes(named, rank: rank)
  }

  private static func reduced(
    _ call: TapeCall, _ body: (_ x: Variable, _ axes: [Int], _ keepingAxes: Bool) -> Variable
  ) throws -> Variable {
    let x = try call.input(0)
    let axes = try axes(call, rank: x.shape.rank)
    // Nothing to reduce over still applies the function to every scalar by itself.
    return body(x, axes ?? [], call.node.int("keepdims", default: 1) != 0)
  }

  /// A reduction of rows, into which the reduced axes are laid.
  private static func rowReduced(
    _ call: TapeCall, _ body: (_ rows: Variable, _ length: Int, _ shape: Shape) -> Variable
  ) throws -> Variable {
    try reduced(call) { x, axes, keepingAxes in
      let left = x.shape.dimensions.indices.filter { !axes.contains($0) }
      let rows = left == Array(0..<left.count) ? x : x.transposed(left + axes.sorted())
      let extents = x.shape.dimensions.enumerated()
      let kept = extents.map { axes.contains($0) ? 1 : $1 }
      return body(
        rows, axes.map { x.shape[$0] }.reduce(1, *),
        Shape(keepingAxes ? kept : left.map { x.shape[$0] }))
    }
  }

  /// The sum of the absolute values of a row, or its Euclidean length, whose gradient at 0 is 0.
  static func rowNorm(_ x: Variable, length: Int, first: Bool, shape: Shape) -> Variable {
    byRows(x, length: length, shape: shape, width: 1) { x, y in
      var sum = 0.0
      for value in x { sum += first ? Double(abs(value)) : Double(value) * Double(value) }
      y[0] = Float(first ? sum : sum.squareRoot())
    } backward: { x, y, g, result in
      for i in x.indices {
        let sign: Float = x[i] > 0 ? 1 : x[i] < 0 ? -1 : 0
        result[i] = g[0] * (first ? sign : y[0] == 0 ? 0 : x[i] / y[0])
      }
    }
  }

  private static func rowLogSumExp(_ x: Variable, length: Int, shape: Shape) -> Variable {
    byRows(x, length: length, shape: shape, width: 1) { x, y in
      let largest = x.max() ?? -.infinity
      guard largest.isFinite else { return y[0] = largest }
      y[0] = largest + log(x.reduce(0) { $0 + exp($1 - largest) })
    } backward: { x, y, g, result in
      for i in x.indices { result[i] = g[0] * (y[0].isFinite ? exp(x[i] - y[0]) : 0) }
    }
  }

  /// The product of a row; the gradient by each factor is the product of the others, also beside zeros.
  private static func rowProduct(_ x: Variable, length: Int, shape: Shape) -> Variable {
    byRows(x, length: length, shape: shape, width: 1) { x, y in
      y[0] = x.reduce(1, *)
    } backward: { x, _, g, result in
      var before = g[0]
      for i in x.indices {
        result[i] = before
        before *= x[i]
      }
      var after: Float = 1
      for i in x.indices.reversed() {
        result[i] *= after
        after *= x[i]
      }
    }
  }
}
