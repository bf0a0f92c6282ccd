import Graphs
import Tensors

extension RandomGraph {
  static let products: [Builder] = [
    Builder(
      "Gemm",
      { g, x in
        guard x.shape.rank == 2 else { return nil }
        let outputs = g.integer(1...49)
        let isTransposed = g.flip()
        let weights = g.weights(
          isTransposed ? [outputs, x.shape[1]] : [x.shape[1], outputs], inputs: x.shape[1])
        let bias = g.flip() ? [g.constant(g.flip() ? [outputs] : [1])] : []
        return g.add(
          "Gemm", [x.name, weights] + bias,
          [
            "transB": .int(isTransposed ? 1 : 0), "alpha": .float(g.fraction(-2...2)),
            "beta": .float(g.fraction(0.5...2)),
          ])
      }
    ),
    Builder(
      "MatMul",
      { g, x in
        guard x.shape.rank > 1 else { return nil }
        return g.add(
          "MatMul", [x.name, g.weights([x.shape[-1], g.integer(1...49)], inputs: x.shape[-1])])
      }
    ),
    Builder(
      "MatMul from the left",
      { g, x in
        guard x.shape.rank > 2 else { return nil }
        return g.add(
          "MatMul", [g.weights([g.integer(1...9), x.shape[-2]], inputs: x.shape[-2]), x.name])
      }
    ),
    Builder(
      "likeness",
      { g, x in
        guard x.shape.rank == 3 else { return nil }
        return g.transposed(x, [0, 2, 1]).flatMap { g.add("MatMul", [x.name, $0]) }
          .flatMap { g.add("Mul", [$0, g.scalar(1 / Float(x.shape[2]))]) }
      }
    ),
    Builder("linear", { g, x in g.linear(x, to: g.integer(1...49)) }),
  ]

  static let blocks: [Builder] = [
    Builder(
      "Conv, batch norm, rectifier",
      { g, x in
        g.convolution(x, sizes: 3).flatMap { g.batchNorm($0) }.flatMap { g.add("Relu", [$0]) }
      }
    ),
    Builder(
      "residual",
      { g, x in
        guard x.shape.rank == 4 else { return nil }
        let inner = g.convolution(x, sizes: 3).flatMap { g.batchNorm($0) }
          .flatMap { g.add("Relu", [$0]) }
        guard let inner, let value = g.value(named: inner),
          let outer = g.convolution(value, sizes: 3, filters: x.shape[1]),
          let sum = g.add("Add", g.ordered(x.name, outer))
        else { return nil }
        return g.flip() ? g.add("Relu", [sum]) : sum
      }
    ),
    Builder(
      "branches",
      { g, x in
        guard x.shape.rank == 4 else { return nil }
        let widths = [16, 32, 48, 7, 24]
        let parts = (0..<g.integer(2...4)).compactMap { _ in
          g.convolution(x, sizes: g.flip() ? 1 : 3, filters: widths[g.integer(0...4)])
            .flatMap { g.flip() ? g.add("Relu", [$0]) : $0 }
        }
        guard parts.count > 1 else { return nil }
        return g.add("Concat", parts, ["axis": .int(1)])
      }
    ),
    Builder(
      "dense block",
      { g, x in
        guard x.shape.rank == 4 else { return nil }
        var whole = x
        for _ in 0..<2 {
          let part = g.convolution(whole, sizes: 3, filters: g.flip() ? 16 : 12)
            .flatMap { g.add("Relu", [$0]) }
          guard let part, let joined = g.add("Concat", [whole.name, part], ["axis": .int(1)]),
            let value = g.value(named: joined)
          else { return nil }
          whole = value
        }
        return whole.name
      }
    ),
    Builder("squeeze and excitation", { g, x in g.excitation(x) }),
    Builder(
      "feed forward",
      { g, x in
        guard x.shape.rank > 2, let up = g.linear(x, to: g.integer(4...24)),
          let middle = g.add(g.flip() ? "Gelu" : "Relu", [up], opset: 20),
          let value = g.value(named: middle), let down = g.linear(value, to: x.shape[-1])
        else { return nil }
        return g.add("Add", g.ordered(x.name, down))
      }
    ),
    Builder("attention", { g, x in g.attention(x) }),
    Builder("ConvNeXt", { g, x in g.convNeXt(x) }),
    Builder(
      "shape computed",
      { g, x in
        guard x.shape.rank > 2 else { return nil }
        let batch = g.add("Shape", [x.name])
          .flatMap { g.add("Gather", [$0, g.integers([0])], ["axis": .int(0)]) }
        let wanted = batch.flatMap { g.add("Concat", [$0, g.integers([-1])], ["axis": .int(0)]) }
        return wanted.flatMap { g.add("Reshape", [x.name, $0]) }
      }
    ),
  ]

  private mutating func batchNorm(_ name: String) -> String? {
    guard let x = value(named: name) else { return nil }
    let channels: Shape = [x.shape[1]]
    return add(
      "BatchNormalization",
      [name, constant(channels), constant(channels), constant(channels)]
        + [constant(channels, in: 0.5...2)])
  }

  /// A matrix product and a bias behind it, on either side.
  private mutating func linear(_ x: Value, to features: Int) -> String? {
    guard x.shape.rank > 1 else { return nil }
    return add("MatMul", [x.name, weights([x.shape[-1], features], inputs: x.shape[-1])])
      .flatMap { add("Add", ordered($0, constant([features]))) }
  }

  private mutating func excitation(_ x: Value) -> String? {
    guard x.shape.rank == 4 else { return nil }
    let mean =
      flip()
      ? add("GlobalAveragePool", [x.name])
      : add("ReduceMean", [x.name, integers([2, 3])], ["keepdims": .int(1)])
    guard let pooled = value(named: mean),
      let less = convolution(pooled, sizes: 1, filters: integer(1...8)).flatMap({
        add("Relu", [$0])
      }),
      let inner = value(named: less),
      let more = convolution(inner, sizes: 1, filters: x.shape[1]),
      let gate = add(flip() ? "Sigmoid" : "HardSigmoid", [more])
    else { return nil }
    return add("Mul", ordered(x.name, gate))
  }

  private mutating func attention(_ x: Value) -> String? {
    guard x.shape.rank == 3, let query = linear(x, to: 8), let key = linear(x, to: 8),
      let content = linear(x, to: x.shape[2]), let turned = value(named: key),
      let keys = transposed(turned, [0, 2, 1])
    else { return nil }
    return add("MatMul", [query, keys]).flatMap { add("Mul", [$0, scalar(0.35)]) }
      .flatMap { add("Softmax", [$0], ["axis": .int(-1)]) }
      .flatMap { add("MatMul", [$0, content]) }
      .flatMap { add("Add", ordered(x.name, $0)) }
  }

  private mutating func convNeXt(_ x: Value) -> String? {
    guard x.shape.rank == 4, x.shape[1] > 3,
      let deep = value(named: convolution(x, sizes: 3, depthwise: true)),
      deep.shape == x.shape, let last = value(named: transposed(deep, [0, 2, 3, 1])),
      let normal = value(
        named: add(
          "LayerNormalization",
          [last.name, constant([x.shape[1]]), constant([x.shape[1]])], ["axis": .int(-1)])),
      let wide = linear(normal, to: 12), let bent = value(named: add("Gelu", [wide], opset: 20)),
      let narrow = linear(bent, to: x.shape[1]),
      let scaled = value(named: add("Mul", [narrow, constant([x.shape[1]])])),
      let first = transposed(scaled, [0, 3, 1, 2])
    else { return nil }
    return add("Add", ordered(x.name, first))
  }
}
