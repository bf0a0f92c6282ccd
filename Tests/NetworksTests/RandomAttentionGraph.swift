import Tensors

@testable import Graphs
@testable import Networks

/// Attention as graphs write it out, in one of the ways that exporters have, with random shapes and weights.
struct RandomAttentionGraph: CustomStringConvertible {
  /// How queries, keys and values come out of the tokens.
  enum Source: CaseIterable {
    /// One product, turned and taken apart by Gather.
    case gathered
    /// One product, taken apart by Split.
    case split
    /// One product, taken apart by Slice.
    case sliced
    /// A product each.
    case separate
    /// The tokens as they are.
    case none
    /// The network's own input.
    case input
    /// A product for keys and values, the first tokens for queries.
    case crossed
  }

  /// What is done to the scores before softmax.
  enum Given: CaseIterable {
    case nothing, keys, queries, heads, everything, twice
    /// A number a head, at the axis that old operator sets name.
    case oldAxis
  }

  let source: Source
  let given: Given
  let batch, tokens, heads, width: Int
  private(set) var nodes: [Node] = []
  private(set) var constants: [String: Constant] = [:]
  private(set) var random: SplitMix64
  private var words: [String] = []
  /// The name of the scores' softmax.
  private(set) var shares = ""
  /// The names of queries, keys and values.
  private(set) var operands: [String] = []

  var description: String { words.joined(separator: ", ") }
  var shape: Shape {
    source == .input ? [1, batch, heads, tokens, width] : [batch, tokens, heads * width]
  }
  /// The name of the result.
  var last: String { nodes[nodes.count - 1].outputs[0] }
  var graph: Graph {
    Graph(
      // A last extent of 1 or 3 would say that channels come last.
      inputs: [
        .init(
          name: "x",
          dimensions: shape.dimensions.indices.map { source == .input && $0 != 1 ? nil : shape[$0] }
        )
      ],
      outputs: [last], nodes: nodes, constants: constants)
  }

  /// - Parameters:
  ///   - source: How queries, keys and values come out of the tokens.
  ///   - seed: Of everything that is random.
  ///   - tokens: How many tokens, if that is given.
  init(_ source: Source, seed: UInt64, tokens: Int? = nil) {
    self.source = source
    var draws = SplitMix64(seed: seed)
    func one<T>(of choices: [T]) -> T { choices[Int.random(in: 0..<choices.count, using: &draws)] }
    given = one(of: Given.allCases)
    let count = one(of: [1, 3, 16, 17, 49, 70])
    (batch, self.tokens) = (one(of: [1, 1, 2, 3]), tokens ?? count)
    (heads, width) = (one(of: [1, 2, 3]), one(of: [3, 8, 16, 24, 32, 64]))
    random = draws
    words = ["\(source), \(given)", "\(batch)×\(self.tokens), \(heads) heads of \(width)"]
    let (q, k, v) = makeOperands()
    operands = [q, k, v]
    let scores = makeScores(q, k)
    shares = add("Softmax", [scores], ["axis": .int(-1)])
    let result = add("MatMul", [shares, v])
    finish(result)
  }

  private mutating func flip(_ word: String) -> Bool {
    let yes = Bool.random(using: &random)
    if yes { words.append(word) }
    return yes
  }

  @discardableResult
  private mutating func add(
    _ type: String, _ inputs: [String], _ attributes: [String: Attribute] = [:], outputs: Int = 1,
    opset: Int = 18
  ) -> String {
    let names = (0..<outputs).map { "v\(nodes.count).\($0)" }
    nodes.append(
      Node(
        type, name: names[0], inputs: inputs, outputs: names, attributes: attributes, opset: opset))
    return names[0]
  }

  private mutating func constant(_ shape: Shape, deviation: Float = 1) -> String {
    let name = "c\(constants.count)"
    constants[name] = Constant(.normal(shape, standardDeviation: deviation, using: &random))
    return name
  }

  private mutating func integers(_ values: [Int]) -> String {
    let name = "c\(constants.count)"
    constants[name] = Constant(Tensor([values.count], values.map { Float($0) }), isInteger: true)
    return name
  }

  private mutating func integer(_ value: Int) -> String {
    let name = "c\(constants.count)"
    constants[name] = Constant(Tensor(Float(value)), isInteger: true)
    return name
  }

  private mutating func number(_ value: Float) -> String {
    let name = "c\(constants.count)"
    constants[name] = Constant(Tensor(value))
    return name
  }

  private mutating func reshaped(_ name: String, _ shape: [Int]) -> String {
    let shape = integers(shape)
    return add("Reshape", [name, shape])
  }

  private mutating func product(_ name: String, to outputs: Int) -> String {
    let channels = heads * width
    let weights = constant([channels, outputs], deviation: 1 / Float(channels).squareRoot())
    let bias = constant([outputs])
    return add("Add", [add("MatMul", [name, weights]), bias])
  }

  private mutating func inHeads(_ name: String, tokens: Int) -> String {
    add(
      "Transpose", [reshaped(name, [batch, tokens, heads, width])], ["perm": .ints([0, 2, 1, 3])])
  }

  /// Queries, keys and values: [batch, heads, tokens, width].
  private mutating func makeOperands() -> (String, String, String) {
    let channels = heads * width
    switch source {
    case .gathered:
      let all = reshaped(product("x", to: 3 * channels), [batch, tokens, 3, heads, width])
      let turned = add("Transpose", [all], ["perm": .ints([2, 0, 3, 1, 4])])
      let parts = (0..<3).map { integer($0) }
      let taken = parts.map { add("Gather", [turned, $0], ["axis": .int(0)]) }
      return (taken[0], taken[1], taken[2])
    case .split:
      let all = product("x", to: 3 * channels)
      let name = add(
        "Split", [all, integers([channels, channels, channels])], ["axis": .int(-1)], outputs: 3)
      let parts = (0..<3).map { "\(name.dropLast())\($0)" }.map { inHeads($0, tokens: tokens) }
      return (parts[0], parts[1], parts[2])
    case .sliced:
      let all = product("x", to: 3 * channels)
      let parts = (0..<3).map { part -> String in
        let (start, end) = (integers([part * channels]), integers([(part + 1) * channels]))
        let slice = add("Slice", [all, start, end, integers([2])])
        return inHeads(slice, tokens: tokens)
      }
      return (parts[0], parts[1], parts[2])
    case .separate:
      let parts = (0..<3).map { _ in inHeads(product("x", to: channels), tokens: tokens) }
      return (parts[0], parts[1], parts[2])
    case .none:
      let all = inHeads("x", tokens: tokens)
      return (all, all, all)
    case .input: return ("x", "x", "x")
    case .crossed:
      let count = max(1, tokens / 2)
      let first = add("Slice", ["x", integers([0]), integers([count]), integers([1])])
      let query = inHeads(product(first, to: channels), tokens: count)
      let rest = reshaped(product("x", to: 2 * channels), [batch, tokens, 2, heads, width])
      let turned = add("Transpose", [rest], ["perm": .ints([2, 0, 3, 1, 4])])
      let parts = [integer(0), integer(1)].map { add("Gather", [turned, $0], ["axis": .int(0)]) }
      return (query, parts[0], parts[1])
    }
  }

  private mutating func makeScores(_ q: String, _ k: String) -> String {
    var (q, k) = (
      q, add("Transpose", [k], ["perm": .ints(source == .input ? [0, 1, 2, 4, 3] : [0, 1, 3, 2])])
    )
    let scale = 1 / Float(width).squareRoot()
    if flip("queries scaled") { q = add("Mul", [q, number(scale)]) }
    if flip("keys divided") { k = add("Div", [k, number(1.3)]) }
    var scores = add("MatMul", [q, k])
    let queries = source == .crossed ? max(1, tokens / 2) : tokens
    switch given {
    case .nothing: break
    case .oldAxis:
      scores = add(
        "Add", [scores, constant([heads])],
        ["axis": .int(source == .input ? 2 : 1), "broadcast": .int(1)], opset: 6)
    case .keys: scores = add("Add", [scores, constant([tokens])])
    case .queries: scores = add("Add", [scores, constant([queries, tokens])])
    case .heads: scores = add("Add", [constant([heads, queries, tokens]), scores])
    case .everything: scores = add("Add", [scores, constant([batch, heads, queries, tokens])])
    case .twice:
      scores = add("Add", [scores, constant([1, heads, queries, tokens])])
      scores = reshaped(scores, [1, batch, heads, queries, tokens])
      scores = add("Add", [scores, constant([1, batch, 1, queries, tokens])])
      scores = reshaped(scores, [batch, heads, queries, tokens])
    }
    if flip("scores scaled") { scores = add("Mul", [scores, number(0.7)]) }
    return scores
  }

  private mutating func finish(_ result: String) {
    guard source != .input, flip("turned back") else { return }
    let turned = add("Transpose", [result], ["perm": .ints([0, 2, 1, 3])])
    let queries = source == .crossed ? max(1, tokens / 2) : tokens
    let rows = reshaped(turned, [batch, queries, heads * width])
    if flip("and multiplied") { add("Add", [product(rows, to: 5), number(1)]) }
  }
}
