import Autodiff
import Tensors

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

extension Graph {
  /// The same graph with the activations that exporters write in several operators (GELU by its error function or its
  /// tangent, swish, hard swish by its gate, Mish) as one node each again.
  ///
  /// They are found by what they compute: everything between one value and a product or quotient is run on some
  /// numbers, however it is written. The nodes in between stay for whoever looks at them; nobody else computes
  /// them. Where other nodes read what lies in between, its gradient is not theirs alone, and all stays as it is.
  package func recognizingActivations() -> Graph {
    guard nodes.contains(where: { Self.bends.contains($0.type) }) else { return self }
    let (makers, producers, readers) = (makers, producers, readerCounts)
    var graph = self
    var within = Set<Int>()
    // The last first, so that what is found is whole.
    for index in nodes.indices.reversed() where !within.contains(index) {
      guard ["Mul", "Div"].contains(nodes[index].type),
        let written = writtenFunction(
          endingIn: index, makers,
          variables: { Self.pointwise.contains($0.type) ? variables(of: $0) : nil }),
        written.parts.contains(where: { Self.bends.contains(nodes[$0].type) }),
        isClosed(nodes[index], from: written.source, producers, readers),
        keepsRank(written, producers[written.source]),
        let activation = activation(written)
      else { continue }
      graph.nodes[index] = activation.node(
        from: written.source, to: nodes[index].outputs, name: nodes[index].name)
      graph.nodes[index].conditions = nodes[index].conditions
      within.formUnion(written.parts)
    }
    return graph
  }

  /// What no activation is written without; rectifiers stay as they are, as rules for gradients treat them by themselves.
  private static let bends: Set = ["Erf", "Tanh", "Sigmoid", "HardSigmoid", "Exp", "Softplus"]
  /// Functions of one number, or of two.
  private static let pointwise: Set =
    bends.union(["Mul", "Div", "Add", "Sub", "Neg", "Pow", "Sqrt", "Log", "Reciprocal", "Identity"])

  /// Whether a function yields as many axes as its value has: of a value without axes, numbers that have one make one.
  private func keepsRank(_ written: WrittenFunction, _ maker: Node?) -> Bool {
    let hasAxis = { (name: String) in (self.constants[name]?.shape.rank ?? 0) > 0 }
    guard written.parts.contains(where: { nodes[$0].inputs.contains(where: hasAxis) }) else {
      return true
    }
    switch maker?.type {
    case "Conv", "ConvTranspose", "BatchNormalization", "Gemm", "InstanceNormalization",
      "LayerNormalization", "GroupNormalization":
      return true
    case "MatMul", "Add", "Sub", "Mul", "Div":
      let most = maker?.inputs.compactMap { constants[$0]?.shape.rank }.max() ?? 0
      return most > (maker?.type == "MatMul" ? 1 : 0)
    default: return false
    }
  }

  /// The inputs that are no constants; `nil` where a constant is more than a number, or there are none.
  private func variables(of node: Node) -> Set<String>? {
    let names = node.inputs.filter { !$0.isEmpty }
    let variables = Set(names.filter { constants[$0] == nil })
    guard !variables.isEmpty, names.allSatisfy({ variables.contains($0) || scalar($0) != nil })
    else { return nil }
    return variables
  }

  /// An operator that stands for a written activation.
  private struct KnownActivation {
    let type: String
    var attributes: [String: Attribute] = [:]

    func node(from source: String, to outputs: [String], name: String = "") -> Node {
      // The newest of their operator sets.
      Node(
        type, name: name, inputs: [source], outputs: outputs, attributes: attributes, opset: 24)
    }

    static func swish(alpha: Float) -> KnownActivation {
      KnownActivation(type: "Swish", attributes: ["alpha": .float(alpha)])
    }

    static let all = [
      KnownActivation(type: "Gelu"),
      KnownActivation(type: "Gelu", attributes: ["approximate": .string("tanh")]),
      // The second is CLIP's.
      swish(alpha: 1), swish(alpha: 1.702),
      KnownActivation(type: "HardSwish"), KnownActivation(type: "Mish"),
    ]
  }

  /// The activation that yields the same numbers.
  private func activation(_ written: WrittenFunction) -> KnownActivation? {
    let parts = written.parts.map { nodes[$0] }
    guard let values = values(of: parts, at: written.source) else { return nil }
    var candidates = KnownActivation.all
    if let place = Self.points.firstIndex(of: 1), values[place] > 0, values[place] < 1 {
      candidates.append(.swish(alpha: log(values[place] / (1 - values[place]))))
    }
    return candidates.first { candidate in
      let node = candidate.node(from: written.source, to: ["y"])
      guard let right = self.values(of: [node], at: written.source) else { return false }
      return zip(Self.points, zip(values, right)).allSatisfy { x, pair in
        abs(pair.0 - pair.1) <= 3e-6 * (1 + abs(x))
      }
    }
  }

  private static let points: [Float] = [
    -1000, -100, -30, -12, -6, -4.5, -3.25, -2.75, -2, -1.5, -1, -0.6, -0.3, -0.05, 0, 0.1, 0.4,
    0.75, 1, 1.6,
    2.2,
    2.9, 3.1, 4, 5.5, 11, 25, 100, 1000,
  ]

  /// What the last of some nodes makes of the points.
  private func values(of parts: [Node], at source: String) -> [Float]? {
    let points = Tensor([Self.points.count], Self.points)
    guard let result = result(of: parts, knowing: [source: Variable(points)])?.value,
      result.shape == points.shape
    else { return nil }
    return result.scalars
  }
}
