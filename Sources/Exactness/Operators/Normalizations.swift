import Foundation
import Graphs
import Tensors

extension ExactOperator {
  /// Normalizations, and softmax.
  static let normalizations: [ExactOperator] = [
    ExactOperator("BatchNormalization") { call in
      let x = try call.input(0)
      guard call.node.int("training_mode", default: 0) == 0, call.output == 0,
        call.node.int("spatial", default: 1) != 0
      else { throw call.unknown("in training") }
      let parts = try (1...4).map { try channels(call, $0, of: x) }
      let deviation = (parts[3] + call.float("epsilon", defaultEpsilon)).squareRoot
      return (x - parts[2]) / deviation * parts[0] + parts[1]
    },
    ExactOperator("InstanceNormalization") { call in
      let x = try call.input(0)
      let normal = standardized(x, Array(2..<x.shape.rank), call)
      return normal * (try channels(call, 1, of: x)) + (try channels(call, 2, of: x))
    },
    ExactOperator("GroupNormalization") { call in
      let x = try call.input(0)
      let groups = call.node.int("num_groups", default: 1)
      let grouped: Shape = [x.shape[0], groups, x.scalars.count / (x.shape[0] * groups)]
      let normal = standardized(x.reshaped(grouped), [2], call)
      // Up to operator set 20 the parameters are one a group.
      if call.node.opset < 21, try call.input(1).shape.count == groups {
        return
          (normal * (try channels(call, 1, of: normal)) + (try channels(call, 2, of: normal)))
          .reshaped(x.shape)
      }
      let own = normal.reshaped(x.shape)
      return own * (try channels(call, 1, of: x)) + (try channels(call, 2, of: x))
    },
    ExactOperator("LayerNormalization") { call in
      guard call.output == 0 else { throw call.unknown("whose statistics are read") }
      let x = try call.input(0)
      return try stretched(call, standardized(x, lastAxes(call, x), call))
    },
    ExactOperator("RMSNormalization", scaledByRootMeanSquare),
    ExactOperator("SimplifiedLayerNormalization", scaledByRootMeanSquare),
    ExactOperator("com.microsoft.SimplifiedLayerNormalization", scaledByRootMeanSquare),
    ExactOperator("MeanVarianceNormalization") { call in
      let x = try call.input(0)
      let axes = call.node.ints("axes") ?? [0, 2, 3]
      let centered = x - x.mean(axes)
      return centered / (centered.squared.mean(axes).squareRoot + 1e-9)
    },
    ExactOperator("LpNormalization") { call in
      let x = try call.input(0)
      let axis = call.axis(call.node.int("axis", default: -1), rank: x.shape.rank)
      let length = norm(x, [axis], p: Double(call.node.int("p", default: 2)))
      return x / length.map({ $0 == 0 ? 1 : $0 }) { x, _ in x == 0 ? 0 : 1 }
    },
    ExactOperator("LRN") { call in
      let x = try call.input(0)
      let (size, channels) = (call.node.int("size", default: 1), x.shape[1])
      let (before, after) = ((size - 1) / 2, size - 1 - (size - 1) / 2)
      let factor = call.float("alpha", Double(Float(1e-4))) / Double(size)
      let box = (0..<channels * channels).map { place -> Double in
        let (to, from) = place.quotientAndRemainder(dividingBy: channels)
        return from >= to - before && from <= to + after ? factor : 0
      }
      let rest = x.scalars.count / max(1, x.shape[0] * channels)
      let sums =
        Exact.product(
          Exact([channels, channels], box), x.squared.reshaped([x.shape[0], channels, rest])
        ).reshaped(x.shape) + call.float("bias", 1)
      let beta = call.float("beta", 0.75)
      return x * sums.map({ pow($0, -beta) }) { x, y in -beta * y / x }
    },
    ExactOperator("Softmax") { try alongAxis($0) { $0.softmax } },
    ExactOperator("LogSoftmax") { call in
      try alongAxis(call) { $0 - $0.logSumExp([$0.shape.rank - 1], keeping: true) }
    },
  ]

  private static let defaultEpsilon = Double(Float(1e-5))

  /// A parameter of one number a channel, which broadcasts over N×C×….
  private static func channels(_ call: ExactCall, _ position: Int, of x: Exact) throws -> Exact {
    let own = try call.input(position)
    let ones = [Int](repeating: 1, count: max(0, x.shape.rank - 2))
    return own.reshaped(Shape([own.shape.count] + ones))
  }

  /// Mean 0 and variance 1 over some axes: `(x − μ) / √(σ² + ε)`.
  private static func standardized(_ x: Exact, _ axes: [Int], _ call: ExactCall) -> Exact {
    let centered = x - x.mean(axes)
    let variance = centered.squared.mean(axes)
    return centered / (variance + call.float("epsilon", defaultEpsilon)).squareRoot
  }

  private static func lastAxes(_ call: ExactCall, _ x: Exact) -> [Int] {
    Array(call.axis(call.node.int("axis", default: -1), rank: x.shape.rank)..<x.shape.rank)
  }

  private static func stretched(_ call: ExactCall, _ x: Exact) throws -> Exact {
    let scaled = x * (try call.input(1))
    return call.optional(2).map { scaled + $0 } ?? scaled
  }

  private static func scaledByRootMeanSquare(_ call: ExactCall) throws -> Exact {
    let x = try call.input(0)
    let squares = x.squared.mean(lastAxes(call, x))
    return try stretched(call, x / (squares + call.float("epsilon", defaultEpsilon)).squareRoot)
  }

  /// A function of the last axis on the one that a node names; before operator set 13, on that and all behind it.
  private static func alongAxis(_ call: ExactCall, _ body: (Exact) -> Exact) throws -> Exact {
    let x = try call.input(0)
    if x.shape.rank == 0 { return body(x.reshaped([1])).reshaped([]) }
    let old = call.node.opset < 13
    let named = call.node.int("axis", default: old ? 1 : -1)
    let axis = call.axis(old && x.shape.rank == 1 ? 0 : named, rank: x.shape.rank)
    guard old else { return x.withAxisLast(axis, body) }
    let length = x.shape.dimensions[axis...].reduce(1, *)
    return body(x.reshaped([x.scalars.count / max(1, length), length])).reshaped(x.shape)
  }
}
