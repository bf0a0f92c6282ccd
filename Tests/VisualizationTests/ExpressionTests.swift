import Testing

@testable import Visualization

@Suite struct ExpressionTests {
  struct Reading: CustomTestStringConvertible, Sendable {
    var text: String
    var tree: String
    var testDescription: String { text }

    init(_ text: String, _ tree: String) { (self.text, self.tree) = (text, tree) }
  }

  @Test(
    "signs, weights, parentheses and quotes",
    arguments: [
      Reading("cat", "cat"),
      Reading("281", "281"),
      Reading("mixed4a:10 + 0.5 * mixed4b:3 - cat", "((mixed4a:10 + 0.5×mixed4b:3) - cat)"),
      Reading("-mixed4a:10", "-mixed4a:10"),
      Reading("a - b - c", "((a - b) - c)"),
      Reading("a - (b - c)", "(a - (b - c))"),
      Reading("2*3 * cat", "6.0×cat"),
      Reading("cat * 2", "2.0×cat"),
      Reading("0.5 * 281", "0.5×281"),
      Reading("1e-3 * 281 + 5", "(0.001×281 + 5)"),
      Reading("- 2 * cat", "-2.0×cat"),
      Reading("a * -b", "-(a * b)"),
      Reading("a * b", "(a * b)"),
      Reading("\"hot dog\" + \"black-and-tan\"", "(hot dog + black-and-tan)"),
      Reading("mixed4a:10@6,7 + ln:3@class", "(mixed4a:10@6,7 + ln:3@class)"),
      Reading("a - 100*diversity(mixed4a)", "(a - 100.0×diversity[mixed4a])"),
      Reading("cat-diversity(x)", "(cat - diversity[x])"),
      Reading("interpolation(a:1@2,3, b:4)", "interpolation[a:1@2,3;b:4]"),
      Reading(
        "direction(mixed4a, my-probes/c+d.npy[3], 2)", "direction[mixed4a;my-probes/c+d.npy[3];2]"),
      Reading("direction(\"a (b)\", \"c d.npy\")", "direction[a (b);c d.npy]"),
    ])
  func trees(_ reading: Reading) throws {
    let expression = try ObjectiveExpression(reading.text)
    #expect(expression.root.tree == reading.tree)
    #expect(expression.text == reading.text)
  }

  @Test(
    "a typo is shown with its place",
    arguments: [
      ("", 0, "a unit is missing"), ("cat +", 5, "a unit is missing"),
      ("cat + * dog", 6, "a unit is missing"), ("2 * (cat", 4, "is not closed"),
      ("cat)", 3, "closes nothing"), ("hot dog", 4, "in quotes"), ("0.5", 3, "a unit is missing"),
      ("\"hot dog", 0, "this quote is not closed"),
      ("cat - diversty(x)", 6, "did you mean `diversity`?"),
      ("diversity(x", 0, "is not closed"), ("diversity()", 0, "is written diversity(layer)"),
      ("a + diversity(x, y)", 4, "is written diversity(layer)"),
      ("interpolation(a b)", 16, "a comma or `)` is missing"),
    ])
  func typos(text: String, place: Int, reason: String) throws {
    let error = try #require(throws: ExpressionError.self) { try ObjectiveExpression(text) }
    #expect(error.place == place, "\(error)")
    #expect(error.reason.contains(reason), "\(error)")
    let lines = "\(error)".split(separator: "\n", omittingEmptySubsequences: false)
    #expect(lines.count == 3 && lines[2].count == place + 3)
  }

  @Test("what is too long is refused, and what is deep is read")
  func limits() throws {
    let deep = String(repeating: "(", count: 2000) + "a" + String(repeating: ")", count: 2000)
    #expect(try ObjectiveExpression(deep).root.tree == "a")
    #expect(throws: ExpressionError.self) { try ObjectiveExpression("(" + deep + deep) }
  }

  @Test("names of files in words, and their paths made others")
  func files() throws {
    let expression = try ObjectiveExpression(
      "a + direction(b, p/x.npy[3]) - 2 * cosine(c, \"q r.npy\")")
    #expect(expression.files == ["p/x.npy", "q r.npy"])
    let moved = try expression.mappingFiles { "plans/\($0)" }
    #expect(
      moved.text == "a + direction(b, \"plans/p/x.npy[3]\") - 2 * cosine(c, \"plans/q r.npy\")")
    #expect(moved.files == ["plans/p/x.npy", "plans/q r.npy"])
    #expect(try ObjectiveExpression("-a").words != ObjectiveExpression("a").words)
    #expect(try ObjectiveExpression("a + b").words != ObjectiveExpression("a - b").words)
  }
}

extension ObjectiveExpression.Node {
  /// The expression with every pair of parentheses.
  fileprivate var tree: String {
    switch self {
    case .unit(let text, _): text
    case .call(let name, let arguments, _):
      "\(name)[\(arguments.map(\.text).joined(separator: ";"))]"
    case .sum(let a, let b): "(\(a.tree) + \(b.tree))"
    case .difference(let a, let b): "(\(a.tree) - \(b.tree))"
    case .product(let a, let b): "(\(a.tree) * \(b.tree))"
    case .scaled(let weight, let a): "\(weight)×\(a.tree)"
    case .negative(let a): "-\(a.tree)"
    }
  }
}
