import Autodiff
import Networks
import Tensors

/// How a node passes multipliers in DeepLift, where that is not its derivative.
enum DeepLiftStep {
  /// A function of each element of one value, which stands at these places of the node.
  case rescale(places: [Int])
  /// The greatest of several elements of the first input; what windows give to an element that they share is
  /// added, or the last one's is kept.
  case pool(adds: Bool)
  /// A function of the elements of two values.
  case pair(Int, Int)
  /// A smooth function of many elements of the values at these places.
  case line(places: [Int])

  /// The step of a node; `nil` where its derivative is right, or no rule is known.
  init?(
    _ node: Node, in graph: Graph, _ rules: DeepLift.Rules, isKnown: (Int) -> Bool
  ) {
    let places = node.inputs.indices.filter { !node.inputs[$0].isEmpty && !isKnown($0) }
    let names = Set(places.map { node.inputs[$0] })
    let role = graph.role(of: node)
    switch role {
    case .elementwise, .gate, .clamp:
      guard places == [0] else { return nil }
      self = .rescale(places: [0])
    case .selection where ["MaxPool", "GlobalMaxPool"].contains(node.type):
      if rules == .captum, graph.isRectified(node.inputs[0]) { return nil }
      self = .pool(adds: rules == .complete)
    case .selection where node.type == "ReduceMax":
      guard rules == .complete, places == [0] else { return nil }
      self = .pool(adds: true)
    case .other where node.type == "Einsum":
      // A product of several values is linear in each alone.
      guard rules == .complete, places.count > 1 else { return nil }
      self = .line(places: places)
    case .arithmetic(.multiplication), .arithmetic(.division), .combination:
      guard rules == .complete else { return nil }
      if names.count == 1 {
        // A square; a product with a constant is linear.
        let isLinear = places.count == 1 && role != .combination && places != [1]
        let isScaled = places == [1] && role == .arithmetic(.multiplication)
        if isLinear || isScaled { return nil }
        self = .rescale(places: places)
      } else if places.count == 2 {
        self = .pair(places[0], places[1])
      } else {
        return nil
      }
    case .normalization, .softmax, .reduction:
      guard rules == .complete, places == [0] else { return nil }
      self = .line(places: places)
    case .linear:
      // A product of two values is linear in either alone.
      guard rules == .complete, places.count == 2, names.count == 2 else { return nil }
      self = .line(places: places)
    default: return nil
    }
  }

  /// The points of a line's mean derivative.
  private static let points = 8
  /// Differences below this part of the values are none.
  private static let nothing: Float = 1e-7

  /// The cotangents of a node's inputs.
  ///
  /// - Parameters:
  ///   - site: The node.
  ///   - inputs: Its inputs at the pictures.
  ///   - starts: The same at the baseline.
  ///   - output: Its output at the pictures.
  ///   - cotangent: The output's multiplier.
  /// - Returns: One an input; `nil` for constants.
  /// - Throws: `NetworkError` where the values do not fit the node.
  func cotangents(
    _ site: GradientRule.Site, at inputs: [Tensor], from starts: [Tensor], output: Tensor,
    cotangent: Tensor
  ) throws -> [Tensor?] {
    var result = [Tensor?](repeating: nil, count: inputs.count)
    switch self {
    case .rescale(let places):
      let rise = output - (try site.value(starts))
      result[places[0]] = try Self.quotient(
        cotangent * rise, inputs[places[0]] - starts[places[0]], inputs[places[0]],
        otherwise: { try site.pullback(inputs, places, cotangent) })
    case .pool(let adds):
      let start = try site.value(starts)
      let greater = Tensor.maximum(output, start)
      let parts =
        try site.unpool(inputs, cotangent * (greater - start), adds: adds)
        + site.unpool(starts, cotangent * (output - greater), adds: adds)
      result[0] = try Self.quotient(
        parts, inputs[0] - starts[0], inputs[0],
        otherwise: { try site.pullback(inputs, [0], cotangent) })
    case .line(let places):
      for (point, weight) in gaussLegendre(Self.points) {
        var between = inputs
        for place in places {
          between[place] = starts[place] + (inputs[place] - starts[place]) * Float(point)
        }
        for place in places {
          let part = try site.pullback(between, [place], cotangent) * Float(weight)
          result[place] = result[place].map { $0 + part } ?? part
        }
      }
    case .pair(let a, let b):
      let start = try site.value(starts)
      for own in [a, b] {
        var alone = starts
        alone[own] = inputs[own]
        var without = inputs
        without[own] = starts[own]
        let share =
          ((try site.value(alone)) - start + output - (try site.value(without))) * 0.5
        result[own] = try Self.quotient(
          (cotangent * share).summed(to: inputs[own].shape), inputs[own] - starts[own],
          inputs[own], otherwise: { try site.pullback(inputs, [own], cotangent) })
      }
    }
    return result
  }

  /// Contributions over differences; where there is no difference, what is said otherwise.
  private static func quotient(
    _ contributions: Tensor, _ difference: Tensor, _ x: Tensor,
    otherwise derivative: () throws -> Tensor
  ) throws -> Tensor {
    func isNothing(_ d: Float, _ x: Float) -> Bool { abs(d) <= max(nothing * abs(x), 1e-10) }
    let hasNone = zip(difference.scalars, x.scalars).contains { isNothing($0, $1) }
    guard hasNone else { return contributions / difference }
    let other = try derivative()
    return Tensor(x.shape) { out in
      contributions.withUnsafeBufferPointer { c in
        difference.withUnsafeBufferPointer { d in
          x.withUnsafeBufferPointer { x in
            other.withUnsafeBufferPointer { other in
              for i in out.indices { out[i] = isNothing(d[i], x[i]) ? other[i] : c[i] / d[i] }
            }
          }
        }
      }
    }
  }
}

extension GradientRule.Site {
  /// The node's output.
  fileprivate func value(_ inputs: [Tensor]) throws -> Tensor {
    try self(inputs.map { Variable($0) }).value
  }

  /// The derivative's product with a cotangent, for one value that stands at some places.
  fileprivate func pullback(
    _ inputs: [Tensor], _ places: [Int], _ cotangent: Tensor
  ) throws -> Tensor {
    let (_, pullback) = try valueWithPullback(at: inputs[places[0]]) { x in
      try self(inputs.enumerated().map { places.contains($0) ? x : Variable($1) })
    }
    return pullback(cotangent)
  }
}

extension GradientRule.Site {
  /// Each window's number at the window's greatest element.
  fileprivate func unpool(_ inputs: [Tensor], _ numbers: Tensor, adds: Bool) throws -> Tensor {
    if adds || node.type != "MaxPool" { return try pullback(inputs, [0], numbers) }
    let call = TapeCall(node: node, constants: [:]).with(inputs: inputs.map { Variable($0) })
    guard let run = Operator.table[node.type]?.run else {
      throw NetworkError.unsupported([node.title])
    }
    let places = try run(call.with(output: 1)).value.scalars
    var result = Tensor(inputs[0].shape)
    result.withUnsafeMutableBufferPointer { out in
      for (place, number) in zip(places, numbers.scalars) { out[Int(place)] = number }
    }
    return result
  }
}

extension Graph {
  /// Whether a value is a rectifier's output.
  fileprivate func isRectified(_ value: String) -> Bool {
    nodes.contains { $0.outputs.contains(value) && role(of: $0).isRectifier }
  }
}
