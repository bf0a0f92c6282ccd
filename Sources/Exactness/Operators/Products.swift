import Foundation
import Graphs
import Tensors

extension ExactOperator {
  /// Matrix products.
  static let products: [ExactOperator] = [
    ExactOperator("MatMul") { .matrixProduct(try $0.input(0), try $0.input(1)) },
    ExactOperator("Gemm") { call in
      var (a, b) = (try call.input(0), try call.input(1))
      if call.node.int("transA", default: 0) != 0 { a = a.turned }
      if call.node.int("transB", default: 0) != 0 { b = b.turned }
      let product = Exact.product(a, b) * call.float("alpha", 1)
      return call.optional(2).map { product + $0 * call.float("beta", 1) } ?? product
    },
    ExactOperator("Einsum", einsum),
  ]

  /// Products of elements summed over the letters that the result has not: one factor after the other.
  private static func einsum(_ call: ExactCall) throws -> Exact {
    let equation = call.string("equation", "").filter { $0 != " " }
    let sides = equation.components(separatedBy: "->")
    let terms = sides[0].split(separator: ",", omittingEmptySubsequences: false).map(Array.init)
    let inputs = try call.inputs()
    guard terms.count == inputs.count, inputs.count <= 2, sides.count == 2 else {
      throw call.unknown("'\(equation)'")
    }
    let letters = try zip(terms, inputs).map { term, input in
      try unfolded(term, rank: input.shape.rank, call)
    }
    let most = letters.map { $0.filter { $0.hasPrefix(".") }.count }.max() ?? 0
    let result = try unfolded(Array(sides[1]), rank: sides[1].count + most - 3, call)
      .filter { !$0.isEmpty }
    guard letters.allSatisfy({ Set($0).count == $0.count }) else {
      throw call.unknown("'\(equation)', which takes a diagonal")
    }
    let order = result + Set(letters.joined()).subtracting(result).sorted()
    guard inputs.count == 2 else {
      let own = inputs[0].transposed(order.compactMap { letters[0].firstIndex(of: $0) })
      return own.sum(Array(result.count..<order.count), keeping: false)
    }
    // Letters of both that stay are a batch; those of both that go are summed over.
    let (first, second) = (Set(letters[0]), Set(letters[1]))
    let inner = order.filter { first.contains($0) && second.contains($0) && !result.contains($0) }
    let batch = result.filter { first.contains($0) && second.contains($0) }
    let left = order.filter { first.contains($0) && !second.contains($0) }
    let right = order.filter { second.contains($0) && !first.contains($0) }
    func extents(_ names: [String], _ position: Int) -> [Int] {
      names.compactMap { letters[position].firstIndex(of: $0).map { inputs[position].shape[$0] } }
    }
    func matrices(_ position: Int, _ rows: [String], _ columns: [String]) -> Exact {
      let places = (batch + rows + columns).compactMap { letters[position].firstIndex(of: $0) }
      return inputs[position].transposed(places).reshaped(
        Shape(
          extents(batch, position) + [
            extents(rows, position).reduce(1, *), extents(columns, position).reduce(1, *),
          ]))
    }
    let stretched = zip(extents(batch, 0), extents(batch, 1)).map { max($0, $1) }
    let product = Exact.product(matrices(0, left, inner), matrices(1, inner, right)).reshaped(
      Shape(stretched + extents(left, 0) + extents(right, 1)))
    let names = batch + left + right
    let sums = names.indices.filter { !result.contains(names[$0]) }
    let summed = product.sum(sums, keeping: false)
    let kept = names.filter(result.contains)
    return summed.transposed(result.compactMap { kept.firstIndex(of: $0) })
  }

  /// A term's axes by their letters; those of an ellipsis are `.0` (the last), `.1` and so on.
  private static func unfolded(
    _ term: [Character], rank: Int, _ call: ExactCall
  ) throws -> [String] {
    let text = String(term)
    guard let dots = text.range(of: "...") else { return term.map(String.init) }
    let count = max(0, rank - (term.count - 3))
    let before = text[..<dots.lowerBound].map(String.init)
    let after = text[dots.upperBound...].map(String.init)
    return before + (0..<count).reversed().map { ".\($0)" } + after
  }
}
