import Autodiff
import Blocks
import Memory
import Tensors

extension Operator {
  /// Sums of products by Einstein's convention, two factors at a time as matrix products.
  static func einsum(_ call: TapeCall) throws -> Variable {
    let factors = try call.inputs()
    let (terms, result) = try EinsumEquation.parse(call.node, ranks: factors.map(\.shape.rank))
    var extents: [Character: Int] = [:]
    for (labels, factor) in zip(terms, factors) {
      for (label, extent) in zip(labels, factor.shape.dimensions) {
        let known = extents[label] ?? 1
        guard known == extent || extent == 1 || known == 1 else {
          throw call.invalid("'\(label)' is \(extents[label, default: 0]) and \(extent)")
        }
        extents[label] = known == 1 ? extent : known
      }
    }
    guard result.allSatisfy({ extents[$0] != nil }) else {
      throw call.invalid("its result has an index that no factor has")
    }
    var (product, labels) = try diagonal(call, factors[0], terms[0], extents)
    for position in factors.indices.dropFirst() {
      let (factor, others) = try diagonal(call, factors[position], terms[position], extents)
      let later = Set(terms[(position + 1)...].joined() + result)
      (product, labels) = try contract(call, product, labels, factor, others, keeping: later)
    }
    let summed = labels.indices.filter { !result.contains(labels[$0]) }
    product = product.sum(alongAxes: summed)
    labels.removeAll { !result.contains($0) }
    return product.transposed(result.compactMap { labels.firstIndex(of: $0) })
  }

  /// A factor in which no index stands twice, and every index has its full extent.
  private static func diagonal(
    _ call: TapeCall, _ factor: Variable, _ labels: [Character], _ extents: [Character: Int]
  ) throws -> (Variable, [Character]) {
    let full = try call.shape(labels.map { extents[$0] ?? 1 })
    let whole = factor.broadcast(to: full)
    var distinct: [Character] = []
    for label in labels where !distinct.contains(label) { distinct.append(label) }
    guard distinct.count < labels.count else { return (whole, labels) }
    let shape = Shape(distinct.map { extents[$0] ?? 1 })
    var strides = [Int](repeating: 0, count: distinct.count)
    for (label, stride) in zip(labels, full.strides) {
      if let place = distinct.firstIndex(of: label) { strides[place] += stride }
    }
    return (whole.picked(shape.offsets(strides: strides), shape: shape), distinct)
  }

  /// The product of two factors, summed over the indices that nothing later needs.
  private static func contract(
    _ call: TapeCall, _ a: Variable, _ labelsA: [Character], _ b: Variable, _ labelsB: [Character],
    keeping later: Set<Character>
  ) throws -> (Variable, [Character]) {
    func own(_ x: Variable, _ labels: [Character], not others: [Character]) -> (
      Variable, [Character]
    ) {
      let gone = labels.indices.filter {
        !others.contains(labels[$0]) && !later.contains(labels[$0])
      }
      return (x.sum(alongAxes: gone), labels.filter { others.contains($0) || later.contains($0) })
    }
    let (a, labelsA) = own(a, labelsA, not: labelsB)
    let (b, labelsB) = own(b, labelsB, not: labelsA)
    let shared = labelsA.filter(labelsB.contains)
    let (batch, inner) = (shared.filter(later.contains), shared.filter { !later.contains($0) })
    let rows = labelsA.filter { !labelsB.contains($0) }
    let columns = labelsB.filter { !labelsA.contains($0) }
    func arranged(_ x: Variable, _ labels: [Character], _ parts: [[Character]]) -> Variable {
      let order = parts.joined().compactMap { labels.firstIndex(of: $0) }
      let turned = x.transposed(order)
      var rest = turned.shape.dimensions[...]
      return turned.reshaped(
        to: Shape(
          parts.map { part in
            defer { rest = rest.dropFirst(part.count) }
            return rest.prefix(part.count).reduce(1, *)
          }))
    }
    let left = arranged(a, labelsA, [batch, rows, inner])
    let right = arranged(b, labelsB, [batch, inner, columns])
    func extents(_ x: Variable, _ labels: [Character], _ wanted: [Character]) -> [Int] {
      wanted.compactMap { labels.firstIndex(of: $0).map { x.shape[$0] } }
    }
    let shape = try call.shape(
      extents(a, labelsA, batch) + extents(a, labelsA, rows) + extents(b, labelsB, columns))
    try call.checkWork([shape.count, left.shape[-1]])
    return (matmul(left, right).reshaped(to: shape), batch + rows + columns)
  }
}

/// The equation of an Einsum node.
///
/// The axes that an ellipsis stands for get labels of their own.
enum EinsumEquation {
  static func parse(
    _ node: Node, ranks: [Int]
  ) throws -> (terms: [[Character]], result: [Character]) {
    func invalid(_ reason: String) -> NetworkError { .invalidNode(node.title, reason: reason) }
    let text = node.string("equation", default: "").filter { !$0.isWhitespace }
    let sides = text.replacing("...", with: ".").replacing("->", with: ">")
      .split(separator: ">", omittingEmptySubsequences: false)
    let terms = (sides.first ?? "").split(separator: ",", omittingEmptySubsequences: false)
    guard (1...2).contains(sides.count), terms.count == ranks.count,
      text.allSatisfy({ $0.isLetter || ",.->".contains($0) })
    else { throw invalid("the equation '\(text)' for \(ranks.count) inputs") }
    var widest = 0
    for (term, rank) in zip(terms, ranks) {
      let hidden = rank - term.filter { $0 != "." }.count
      guard term.contains(".") ? hidden >= 0 : hidden == 0, term.filter({ $0 == "." }).count <= 1
      else { throw invalid("the term '\(term)' for \(rank) axes") }
      widest = max(widest, hidden)
    }
    guard widest <= 10 else { throw invalid("an ellipsis for \(widest) axes") }
    // Digits cannot stand in an equation.
    let hidden = (0..<widest).compactMap { Unicode.Scalar(0x30 + $0).map(Character.init) }
    let expanded = zip(terms, ranks).map { term, rank in
      let count = rank - term.filter { $0 != "." }.count
      return term.flatMap { $0 == "." ? Array(hidden.suffix(count)) : [$0] }
    }
    if sides.count == 2 {
      let result = sides[1].flatMap { $0 == "." ? hidden : [$0] }
      guard Set(result).count == result.count else {
        throw invalid("the result '\(sides[1])' repeats an index")
      }
      return (expanded, result)
    }
    let all = expanded.joined()
    let single = Set(all).filter { label in
      label.isLetter && all.filter { $0 == label }.count == 1
    }
    return (expanded, hidden + single.sorted())
  }

  /// Multiplications of the factors, two at a time, from the first.
  static func cost(_ node: NodeShapes) throws -> Int {
    let shapes = node.inputs.compactMap { $0 }
    guard shapes.count == node.inputs.count, !shapes.isEmpty else { return 0 }
    let (terms, result) = try parse(node.node, ranks: shapes.map(\.rank))
    var extents: [Character: Int] = [:]
    for (label, extent) in zip(terms.joined(), shapes.map(\.dimensions).joined()) {
      extents[label] = max(extents[label] ?? 1, extent)
    }
    var (cost, labels) = (0, Set(terms[0]))
    for position in terms.indices.dropFirst() {
      let others = Set(terms[position])
      let later = Set(terms[(position + 1)...].joined()).union(result)
      // What one factor alone has and nothing later needs is summed over before the product.
      let inside = labels.union(others).intersection(later.union(labels.intersection(others)))
      cost = MemoryLimit.sum(cost, MemoryLimit.product(inside.map { extents[$0] ?? 1 }))
      labels = labels.union(others).intersection(later)
    }
    return cost
  }
}
