import Graphs
import Tensors

extension RandomGraph {
  /// Every operator, alone or as exporters write it in parts.
  static let builders: [Builder] =
    [
      activations, parameterized, written, constants, others, choices, maps, normalizations,
      reductions, axes, products, blocks,
    ].flatMap { $0 }

  /// An operator of one input without parameters.
  private static func plain(_ type: String, opset: Int = 18) -> Builder {
    Builder(type, { g, x in g.add(type, [x.name], opset: opset) })
  }

  /// An operator of one input with one number as an attribute.
  private static func plain(
    _ type: String, _ attribute: String, _ range: ClosedRange<Float>, opset: Int = 18
  ) -> Builder {
    Builder(
      type, { g, x in g.add(type, [x.name], [attribute: .float(g.fraction(range))], opset: opset) }
    )
  }

  private static let activations: [Builder] =
    [
      "Relu", "Sigmoid", "Tanh", "HardSwish", "Softplus", "Softsign", "Mish", "Abs", "Neg", "Erf",
      "Sin", "Atan", "Identity", "Dropout", "Selu",
    ].map { plain($0) }

  private static let parameterized: [Builder] = [
    plain("LeakyRelu", "alpha", 0.05...0.5), plain("Elu", "alpha", 0.5...2),
    plain("Celu", "alpha", 0.5...2), plain("ThresholdedRelu", "alpha", 0.1...0.5),
    plain("Swish", "alpha", 0.5...2, opset: 24), plain("Gelu", opset: 20),
    plain("HardSigmoid", "alpha", 0.1...0.5),
    Builder(
      "Gelu by tanh",
      { g, x in g.add("Gelu", [x.name], ["approximate": .string("tanh")], opset: 20) }
    ),
    Builder("Clip from 0", { g, x in g.add("Clip", [x.name, g.scalar(0)]) }),
    Builder(
      "Clip to both sides",
      { g, x in
        let (lower, upper) = (g.fraction(-1 ... -0.1), g.fraction(0.1...1))
        return g.flip()
          ? g.add("Clip", [x.name, g.scalar(lower), g.scalar(upper)])
          : g.add("Clip", [x.name], ["min": .float(lower), "max": .float(upper)], opset: 6)
      }
    ),
    Builder(
      "Clip to 6", { g, x in g.add("Clip", [x.name, g.scalar(0), g.scalar(g.flip() ? 6 : 0.5)]) }
    ),
    Builder(
      "PRelu",
      { g, x in
        let slope: Shape = x.shape.rank > 2 && g.flip() ? g.perChannel(x.shape) : [1]
        return g.add("PRelu", [x.name, g.constant(slope, in: 0.1...0.5)])
      }
    ),
  ]

  /// What exporters write in parts, and operators take apart.
  private static let written: [Builder] = [
    Builder("Max with 0") { g, x in
      g.isMade(x, by: ["Max", "Min"]) ? nil : g.add("Max", g.ordered(x.name, g.scalar(0)))
    },
    Builder("Min with a constant") { g, x in
      guard !g.isMade(x, by: ["Max", "Min"]) else { return nil }
      return g.add("Min", g.ordered(x.name, g.scalar(g.fraction(0.1...1))))
    },
    Builder("square", { g, x in g.add("Mul", [x.name, x.name]) }),
    Builder("Pow", { g, x in g.add("Pow", [x.name, g.scalar(2)]) }),
    Builder(
      "square root", { g, x in g.chain(x, ("Abs", []), ("Add", [g.scalar(0.5)]), ("Sqrt", [])) }
    ),
    Builder(
      "logarithm", { g, x in g.chain(x, ("Abs", []), ("Add", [g.scalar(0.5)]), ("Log", [])) }),
    Builder("exponential", { g, x in g.chain(x, ("Tanh", []), ("Exp", [])) }),
    Builder(
      "swish in parts",
      { g, x in g.add("Sigmoid", [x.name]).flatMap { g.add("Mul", g.ordered(x.name, $0)) } }
    ),
    Builder(
      "hard swish in parts",
      { g, x in
        g.chain(x, ("Add", [g.scalar(3)]), ("Clip", [g.scalar(0), g.scalar(6)]))
          .flatMap { g.add("Mul", [x.name, $0]) }.flatMap { g.add("Div", [$0, g.scalar(6)]) }
      }
    ),
    Builder(
      "GELU in parts",
      { g, x in
        let bell = g.chain(
          x, ("Div", [g.scalar(Float(2).squareRoot())]), ("Erf", []), ("Add", [g.scalar(1)]))
        return bell.flatMap { g.add("Mul", [x.name, $0]) }.flatMap {
          g.add("Mul", [$0, g.scalar(0.5)])
        }
      }
    ),
  ]

  private static let constants: [Builder] = ["Add", "Sub", "Mul", "Div"].map { type in
    Builder("\(type) with a constant") { g, x in
      let constant = g.constant(g.broadcasting(x.shape), in: 0.5...2)
      return g.add(type, type == "Div" ? [x.name, constant] : g.ordered(x.name, constant))
    }
  }

  private static let others: [Builder] = ["Add", "Sub", "Mul", "Max", "Min", "Mean", "Sum"].map {
    type in
    Builder(type) { g, x in
      let other = g.other(than: x) { $0 == x.shape || $0.isFactor(of: x.shape) }
      return g.add(type, g.ordered(x.name, other))
    }
  }

  private static let choices: [Builder] = [
    Builder(
      "Div by another",
      { g, x in
        let other = g.other(than: x) { $0 == x.shape || $0.isFactor(of: x.shape) }
        return g.add("Mul", [other, other]).flatMap { g.add("Add", [$0, g.scalar(1)]) }
          .flatMap { g.add("Div", [x.name, $0]) }
      }
    ),
    Builder(
      "Sum of three",
      { g, x in g.add("Sum", [x.name, g.other(than: x) { $0 == x.shape }, x.name]) }
    ),
    Builder("itself twice", { g, x in g.add("Add", [x.name, x.name]) }),
    Builder(
      "Where",
      { g, x in
        let other = g.other(than: x) { $0 == x.shape }
        return g.add("Where", [g.mask(x.shape), x.name, other])
      }
    ),
  ]

  // MARK: For these

  /// Whether a value is made by one of some operators: of a minimum, a maximum would be a clamp with two ends,
  /// which deconvolution passes as one.
  func isMade(_ x: Value, by types: Set<String>) -> Bool {
    graph.nodes.contains { $0.outputs.contains(x.name) && types.contains($0.type) }
  }

  /// Two inputs in either order.
  mutating func ordered(_ a: String, _ b: String) -> [String] { flip() ? [a, b] : [b, a] }

  /// Operators one behind the other, each with further inputs.
  mutating func chain(_ x: Value, _ steps: (type: String, more: [String])...) -> String? {
    var name = x.name
    for (type, more) in steps {
      guard let next = add(type, [name] + more) else { return nil }
      name = next
    }
    return name
  }

  /// C×1×…: one number a channel of axis 1.
  func perChannel(_ shape: Shape) -> Shape {
    Shape([shape[1]] + [Int](repeating: 1, count: shape.rank - 2))
  }

  /// A shape that stretches to another: one number, one a channel, a row, one pixel, all.
  mutating func broadcasting(_ shape: Shape) -> Shape {
    switch integer(0...6) {
    case 0: return []
    case 1: return [1]
    case 2 where shape.rank > 1: return perChannel(shape)
    case 3 where shape.rank > 1: return Shape([1] + perChannel(shape).dimensions)
    case 4 where shape.rank > 0: return [shape[-1]]
    case 5: return Shape(shape.dimensions.enumerated().map { $0.offset == 0 ? 1 : $0.element })
    default: return shape.rank > 2 ? perChannel(shape) : [shape[-1]]
    }
  }
}

extension Shape {
  /// Whether this has one pixel of the other's channels and batch, or one number an axis less.
  fileprivate func isFactor(of other: Shape) -> Bool {
    guard rank == other.rank, rank > 1, self[0] == other[0] else { return false }
    return dimensions.indices.dropFirst().allSatisfy { self[$0] == 1 || self[$0] == other[$0] }
  }
}
