import Autodiff
import Tensors

extension RectifierSearch {
  /// More nodes than anybody writes a rectifier with.
  private static let mostParts = 8
  /// What nothing is rectified without.
  private static let bends: Set = [
    "Max", "Min", "Clip", "Abs", "Where", "Sign", "Greater", "GreaterOrEqual", "Less",
    "LessOrEqual",
  ]
  /// What a rectifier's numbers may come out of; others are rectifiers in words of their own, or what they are made of.
  private static let ends: Set = [
    "Neg", "Sub", "Add", "Mul", "Div", "Where", "Max", "Min", "Clip",
  ]
  private static let pointwise = bends.union(ends).union([
    "Not", "And", "Or", "Cast", "Identity", "Equal",
  ])

  /// Any other function of one value that yields that value's rectifier on numbers: `−min(−x, 0)`.
  ///
  /// - Parameter place: The place of the node that ends it.
  /// - Returns: Nil where there is none.
  func written(endingIn place: Int) -> Found? {
    guard Self.ends.contains(graph.nodes[place].type),
      let operands = operands(of: graph.nodes[place])
    else { return nil }
    var parts: Set = [place]
    var (open, zeros) = (operands.values, operands.zeros)
    while true {
      if parts.count > 1, open.count == 1, let source = open.first,
        let slope = slopeOfRectifier(parts.sorted().map { graph.nodes[$0] }, source, zeros.keys)
      {
        let stretching = zeros.filter { $0.value == .stretching }.keys.sorted()
        guard stretching.count < 2 else { return nil }
        return Found(source: source, slopeAtZero: slope, stretching: stretching.first)
      }
      guard parts.count < Self.mostParts,
        let last = open.max(by: { (makers[$0] ?? -1, $0) < (makers[$1] ?? -1, $1) }),
        let maker = makers[last], let before = self.operands(of: graph.nodes[maker])
      else { return nil }
      parts.insert(maker)
      open.remove(last)
      open.formUnion(before.values)
      zeros.merge(before.zeros) { old, new in old == .fitting ? old : new }
    }
  }

  /// What a node that works element by element reads: values, and zeros of any shape; nil of another node.
  private func operands(of node: Node) -> (values: Set<String>, zeros: [String: Zeros])? {
    guard Self.pointwise.contains(node.type), node.outputs.count == 1 else { return nil }
    var (values, zeros) = (Set<String>(), [String: Zeros]())
    for name in Set(node.inputs) where !name.isEmpty {
      if let constant = graph.constants[name], constant.count == 1, constant.shape.rank <= 1 {
        continue
      }
      let kinds = node.inputs.filter { $0 != name }.compactMap { self.zeros(name, like: $0) }
      if let kind = kinds.contains(.fitting) ? .fitting : kinds.first {
        zeros[name] = kind
      } else if graph.constants[name] == nil {
        values.insert(name)
      } else {
        return nil
      }
    }
    return values.isEmpty ? nil : (values, zeros)
  }

  /// What a function's gradient is where its value is 0; nil where it is not that value's rectifier.
  private func slopeOfRectifier(
    _ parts: [Node], _ source: String, _ zeros: some Sequence<String>
  ) -> Float? {
    guard parts.contains(where: { Self.bends.contains($0.type) }) else { return nil }
    let known = Dictionary(
      zeros.map { ($0, Variable(Tensor([1], [0]))) }, uniquingKeysWith: { $1 })
    func result(of x: Variable) -> Variable? {
      graph.result(of: parts, knowing: known.merging([source: x]) { $1 })
    }
    let points = points(telling: parts)
    guard let values = result(of: Variable(Tensor([points.count], points)))?.value,
      values.shape == [points.count],
      zip(points, values.scalars).allSatisfy({ abs(max($0, 0) - $1) <= 1e-6 * max($0, 0) })
    else { return nil }
    let slope = gradient(at: Tensor([1], [0])) { (result(of: $0) ?? $0).sum() }.scalars[0]
    return (0...1).contains(slope) ? slope : nil
  }

  /// Numbers on both sides of all those that some nodes compare with, and in the middle between them.
  private func points(telling parts: [Node]) -> [Float] {
    let constants = parts.flatMap { node in
      node.inputs.compactMap { graph.constants[$0] }.filter { $0.count == 1 }.map {
        $0.tensor.scalars[0]
      } + ["min", "max"].map { node.float($0, default: 0) }
    }.filter { $0 != 0 }
    // What is compared may have been multiplied before.
    let bends = constants + constants.flatMap { a in constants.map { a / $0 } }
    let near = bends.flatMap { k in [1, 1.001, 0.999, 2].flatMap { [k * $0, -k * $0] } }
      .filter { abs($0) < 1e15 }
    let all = Set(Self.points + near).sorted()
    return all + zip(all, all.dropFirst()).map { ($0 + $1) / 2 }
  }

  private static let points: [Float] = [
    -1e5, -1000, -30, -6, -3, -1, -0.5, -0.1, -1e-3, 0, 1e-3, 0.1, 0.5, 1, 3, 6, 30, 1000, 1e5,
  ]
}
