import Graphs
import Tensors

extension RandomGraph {
  static let reductions: [Builder] = [
    "ReduceMean", "ReduceSum", "ReduceMax", "ReduceMin", "ReduceL2",
  ]
  .map { type in Builder(type) { g, x in g.reduction(type, x) } }

  private mutating func reduction(_ type: String, _ x: Value) -> String? {
    guard let axis = axis(x.shape) else { return nil }
    let axes = x.shape.rank == 4 && flip() ? [2, 3] : [flip() ? axis : axis - x.shape.rank]
    return add(type, [x.name, integers(axes)], ["keepdims": .int(integer(0...1))])
  }

  static let axes: [Builder] = [
    Builder(
      "Pad",
      { g, x in
        guard x.shape.rank > 1 else { return nil }
        let widths = (0..<2 * x.shape.rank).map { $0 % x.shape.rank == 0 ? 0 : g.integer(0...2) }
        let mode = ["constant", "reflect", "edge"][g.integer(0...2)]
        return g.add("Pad", [x.name, g.integers(widths)], ["mode": .string(mode)])
      }
    ),
    Builder(
      "Slice",
      { g, x in
        guard let axis = g.axis(x.shape) else { return nil }
        let step = [1, 1, 2, -1][g.integer(0...3)]
        let (first, end) = step < 0 ? (x.shape[axis], -1000) : (g.integer(0...1), 1000)
        return g.add(
          "Slice",
          [
            x.name, g.integers([first]), g.integers([end]), g.integers([axis]),
            g.integers([step]),
          ])
      }
    ),
    Builder(
      "first channels",
      { g, x in
        guard x.shape.rank > 1, x.shape[1] > 1 else { return nil }
        let end = g.integer(1...(x.shape[1] - 1))
        let range = g.flip() ? [0, end] : [end, x.shape[1]]
        return g.add(
          "Slice", [x.name, g.integers([range[0]]), g.integers([range[1]]), g.integers([1])])
      }
    ),
    Builder(
      "Gather",
      { g, x in
        guard let axis = g.axis(x.shape) else { return nil }
        let places = (0..<g.integer(1...8)).map { _ in g.integer(0...(x.shape[axis] - 1)) }
        return g.add("Gather", [x.name, g.integers(places)], ["axis": .int(axis)])
      }
    ),
    Builder(
      "Split",
      { g, x in
        guard let axis = g.axis(x.shape), x.shape[axis].isMultiple(of: 2) else { return nil }
        return g.add("Split", [x.name], ["axis": .int(axis), "num_outputs": .int(2)], outputs: 2)
      }
    ),
    Builder(
      "Tile",
      { g, x in
        guard x.shape.rank > 1 else { return nil }
        let repeats = (0..<x.shape.rank).map { $0 == 0 ? 1 : g.integer(1...2) }
        return g.add("Tile", [x.name, g.integers(repeats)])
      }
    ),
    Builder(
      "Expand",
      { g, x in
        guard x.shape.rank > 1 else { return nil }
        // Of one picture as of two.
        let wanted = x.shape.dimensions.enumerated().map { axis, extent in
          axis == 0 ? 1 : extent == 1 ? g.integer(1...4) : extent
        }
        return g.add("Expand", [x.name, g.integers(wanted)])
      }
    ),
    Builder(
      "Transpose",
      { g, x in
        guard x.shape.rank > 2 else { return nil }
        return g.transposed(x, [0] + (1..<x.shape.rank).shuffled(using: &g.random))
      }
    ),
    Builder("channels last", { g, x in x.shape.rank == 4 ? g.transposed(x, [0, 2, 3, 1]) : nil }),
    Builder("channels first", { g, x in x.shape.rank == 4 ? g.transposed(x, [0, 3, 1, 2]) : nil }),
    Builder(
      "tokens",
      { g, x in
        guard x.shape.rank == 4 else { return nil }
        return g.add("Reshape", [x.name, g.integers([0, x.shape[1], -1])]).flatMap { name in
          g.value(named: name).flatMap { g.transposed($0, [0, 2, 1]) }
        }
      }
    ),
    Builder("Flatten", { g, x in x.shape.rank > 1 ? g.add("Flatten", [x.name]) : nil }),
    Builder(
      "Flatten further",
      { g, x in x.shape.rank > 2 ? g.add("Flatten", [x.name], ["axis": .int(2)]) : nil }
    ),
    Builder(
      "Reshape",
      { g, x in
        guard x.shape.rank > 1 else { return nil }
        let wanted = [
          [0, -1], [0, 0, -1], [0, -1, 1, x.shape[-1]], [0, -1, x.shape[-1]],
          [0, 1, x.shape[1], -1],
        ]
        return g.add("Reshape", [x.name, g.integers(wanted[g.integer(0...4)])])
      }
    ),
    Builder(
      "Reshape to channels last",
      { g, x in
        guard x.shape.rank == 3 else { return nil }
        let side = (1...x.shape[1]).last {
          $0 * $0 <= x.shape[1] && x.shape[1].isMultiple(of: $0)
        }
        return side.flatMap {
          g.add("Reshape", [x.name, g.integers([0, $0, -1, x.shape[2]])])
        }
      }
    ),
    Builder(
      "Squeeze",
      { g, x in
        let ones = x.shape.dimensions.indices.filter { $0 > 0 && x.shape[$0] == 1 }
        return ones.isEmpty ? nil : g.add("Squeeze", [x.name, g.integers(ones)])
      }
    ),
    Builder(
      "Unsqueeze",
      { g, x in
        guard (2...4).contains(x.shape.rank) else { return nil }
        return g.add("Unsqueeze", [x.name, g.integers([g.integer(1...x.shape.rank)])])
      }
    ),
    Builder("Concat", { g, x in g.concatenation(x) }),
    Builder("Concat of channels", { g, x in g.concatenation(x, axis: 1) }),
    Builder(
      "Concat of itself",
      { g, x in
        guard x.shape.rank > 1 else { return nil }
        return g.add("Concat", [x.name, x.name], ["axis": .int(1)])
      }
    ),
    Builder(
      "Concat nested",
      { g, x in
        guard x.shape.rank > 1, let inner = g.concatenation(x, axis: 1) else { return nil }
        return g.add("Concat", [x.name, inner, x.name], ["axis": .int(1)])
      }
    ),
  ]

  mutating func transposed(_ x: Value, _ order: [Int]) -> String? {
    add("Transpose", [x.name], ["perm": .ints(order)])
  }

  /// The value with up to three that fit it, itself among them.
  private mutating func concatenation(_ x: Value, axis wanted: Int? = nil) -> String? {
    guard x.shape.rank > 1, let axis = wanted ?? axis(x.shape) else { return nil }
    let parts = (0..<integer(1...3)).map { _ in
      other(than: x) { shape in
        shape.rank == x.shape.rank
          && shape.dimensions.indices.allSatisfy { $0 == axis || shape[$0] == x.shape[$0] }
      }
    }
    let inputs = ([x.name] + parts).shuffled(using: &random)
    return add("Concat", inputs, ["axis": .int(flip() ? axis : axis - x.shape.rank)])
  }
}
