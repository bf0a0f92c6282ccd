public import Networks
import Tensors

/// Small vision transformers with random weights: 2×3 patches of 4 pixels, 8 features, 2 heads, 2 blocks, 5 logits.
public struct SmallTransformer {
  /// How a transformer is written down.
  public enum Form: Sendable, CaseIterable {
    /// With operators for layer norms and softmaxes.
    case operators
    /// With layer norms in small operators, as exporters of old operator sets have them.
    case writtenOut
    /// The same with a reciprocal in place of the division.
    case reciprocal
    /// With attention as one operator.
    case fused
  }

  private let form: Form
  private let hasClassToken: Bool
  private var nodes: [Node] = []
  private var constants: [String: Constant] = [:]
  private var random = SplitMix64(seed: 6)
  private var count = 0

  /// The network.
  ///
  /// - Parameters:
  ///   - form: How it is written down.
  ///   - classToken: Whether its classes are read at a token of their own, and not of the mean of all.
  ///   - stem: How many convolutions come before the one that cuts out patches.
  ///   - labels: Its classes' names.
  /// - Returns: The network.
  public static func network(
    _ form: Form = .operators, classToken: Bool = true, stem: Int = 0, labels: [String] = []
  ) -> Network {
    var builder = SmallTransformer(form: form, hasClassToken: classToken)
    return builder.made(stem: stem, labels: labels)
  }

  private init(form: Form, hasClassToken: Bool) {
    (self.form, self.hasClassToken) = (form, hasClassToken)
  }

  private mutating func add(
    _ type: String, _ inputs: [String], _ attributes: [String: Attribute] = [:], opset: Int = 20
  ) -> String {
    count += 1
    nodes.append(
      Node(
        type, name: "\(type) \(count)", inputs: inputs, outputs: ["v\(count)"],
        attributes: attributes, opset: opset))
    return "v\(count)"
  }

  private mutating func weights(_ shape: Shape, deviation: Float = 0.4, mean: Float = 0) -> String {
    constants["w\(constants.count)"] = Constant(
      .normal(shape, standardDeviation: deviation, using: &random) + mean)
    return "w\(constants.count - 1)"
  }

  private mutating func integers(_ values: [Int]) -> String {
    constants["w\(constants.count)"] = Constant(
      Tensor([values.count], values.map { Float($0) }), isInteger: true)
    return "w\(constants.count - 1)"
  }

  private mutating func number(_ value: Float) -> String {
    constants["w\(constants.count)"] = Constant(Tensor([1], [value]))
    return "w\(constants.count - 1)"
  }

  private mutating func linear(_ x: String, _ from: Int, _ to: Int) -> String {
    add("Add", [add("MatMul", [x, weights([from, to])]), weights([to], deviation: 0.1)])
  }

  private mutating func layerNorm(_ x: String) -> String {
    let (scale, shift) = (weights([8], deviation: 0.2, mean: 1), weights([8], deviation: 0.2))
    if form == .operators || form == .fused {
      return add("LayerNormalization", [x, scale, shift], ["axis": .int(-1)])
    }
    let mean: [String: Attribute] = ["axes": .ints([-1])]
    let centred = add("Sub", [x, add("ReduceMean", [x], mean, opset: 13)])
    let square = add("Pow", [centred, number(2)])
    let variance = add("Add", [add("ReduceMean", [square], mean, opset: 13), number(1e-5)])
    let deviation = add("Sqrt", [variance])
    let normal =
      form == .reciprocal
      ? add("Mul", [centred, add("Reciprocal", [deviation])])
      : add("Div", [centred, deviation])
    return add("Add", [add("Mul", [normal, scale]), shift])
  }

  private mutating func attention(_ x: String) -> String {
    func heads(_ y: String, _ order: [Int], _ builder: inout SmallTransformer) -> String {
      let split = builder.add("Reshape", [y, builder.integers([0, 0, 2, 4])])
      return builder.add("Transpose", [split], ["perm": .ints(order)])
    }
    let (q, k, v) = (linear(x, 8, 8), linear(x, 8, 8), linear(x, 8, 8))
    if form == .fused {
      let heads: [String: Attribute] = ["q_num_heads": .int(2), "kv_num_heads": .int(2)]
      return linear(add("Attention", [q, k, v], heads, opset: 23), 8, 8)
    }
    let queries = heads(q, [0, 2, 1, 3], &self)
    let keys = heads(k, [0, 2, 3, 1], &self)
    let values = heads(v, [0, 2, 1, 3], &self)
    let scores = add("Mul", [add("MatMul", [queries, keys]), number(0.5)])
    let weighted = add(
      "MatMul", [add("Softmax", [scores], ["axis": .int(-1)]), values])
    let joined = add("Transpose", [weighted], ["perm": .ints([0, 2, 1, 3])])
    return linear(add("Reshape", [joined, integers([0, 0, 8])]), 8, 8)
  }

  private mutating func made(stem: Int, labels: [String]) -> Network {
    var picture = "x"
    for _ in 0..<stem {
      picture = add(
        "Conv", [picture, weights([3, 3, 3, 3])],
        ["pads": .ints([1, 1, 1, 1]), "kernel_shape": .ints([3, 3])])
    }
    let patches = add(
      "Conv", [picture, weights([8, 3, 4, 4], deviation: 0.2)],
      ["strides": .ints([4, 4]), "kernel_shape": .ints([4, 4])])
    var x = add(
      "Transpose", [add("Reshape", [patches, integers([0, 8, 6])])], ["perm": .ints([0, 2, 1])])
    if hasClassToken { x = add("Concat", [weights([1, 1, 8]), x], ["axis": .int(1)]) }
    x = add("Add", [x, weights([1, hasClassToken ? 7 : 6, 8])])
    for _ in 0..<2 {
      x = add("Add", [x, attention(layerNorm(x))])
      let hidden = add("Gelu", [linear(layerNorm(x), 8, 16)])
      x = add("Add", [x, linear(hidden, 16, 8)])
    }
    let normal = layerNorm(x)
    let read =
      hasClassToken
      ? add("Gather", [normal, scalar(0)], ["axis": .int(1)])
      : add("ReduceMean", [normal], ["axes": .ints([1]), "keepdims": .int(0)], opset: 13)
    let logits = add("MatMul", [read, weights([8, 5])])
    return Network(
      graph: Graph(
        inputs: [.init(name: "x", dimensions: [1, 3, 8, 12])], outputs: [logits], nodes: nodes,
        constants: constants), labels: labels)
  }

  private mutating func scalar(_ value: Float) -> String {
    constants["w\(constants.count)"] = Constant(Tensor(value), isInteger: true)
    return "w\(constants.count - 1)"
  }
}
