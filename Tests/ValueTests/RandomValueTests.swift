import Foundation
import Networks
import Tensors
import Testing

/// Plans of random graphs compute what the graphs' nodes do, one by one.
@Suite struct RandomValueTests {
  /// The numbers of the graphs: 300, or as the environment says: `FIRST-LAST`, or one.
  static let numbers = said ?? 0...299
  /// What the environment says, if it does.
  static let said: ClosedRange<Int>? = {
    guard let said = ProcessInfo.processInfo.environment["VISUALIZE_VALUE_GRAPHS"] else {
      return nil
    }
    let ends = said.split(separator: "-").compactMap { Int($0) }
    guard let first = ends.first, let last = ends.last, ends.count < 3, first <= last else {
      preconditionFailure("VISUALIZE_VALUE_GRAPHS: '\(said)' is no range of numbers")
    }
    return first...last
  }()

  /// Every fourth of the graphs' numbers, so that a suite's threads share them.
  private static let parts = 0..<4

  @Test(
    "outputs, gradients by every rule, single channels and numbers, observed values",
    arguments: parts)
  func agree(part: Int) throws {
    var unsettled = 0
    var asked = 0
    for number in Self.numbers where number % Self.parts.count == part {
      let graph = RandomGraph(number: number)
      let comparison = ValueComparison(graph.graph, at: graph.input, number: number)
      for question in Self.questions(graph, comparison) {
        asked += 1
        switch try Self.outcome(comparison, question) {
        case .agrees: break
        case .unsettled: unsettled += 1
        case .differs(let how):
          Issue.record("\(how) in \(graph)")
        }
      }
    }
    #expect(unsettled <= max(2, asked / 50), "\(unsettled) of \(asked) comparisons are unsettled")
  }

  private static func outcome(
    _ comparison: ValueComparison, _ question: ValueComparison.Question
  ) throws -> ValueComparison.Outcome {
    do {
      return try comparison.outcome(question)
    } catch {
      return .differs("\(question): \(error)")
    }
  }

  /// The last value by each rule; one channel or number of it; a value before it; what is observed.
  private static func questions(
    _ graph: RandomGraph, _ comparison: ValueComparison
  ) -> [ValueComparison.Question] {
    var random = SplitMix64(seed: UInt64(graph.number) &+ 77)
    let made = graph.values.dropFirst()
    let names = Set(made.map(\.name))
    guard let last = made.last else { return [] }
    let observing = comparison.observable(before: last.name).filter(names.contains)
      .shuffled(using: &random).prefix(2).map { $0 }
    var questions = TapeWalk.Rule.allCases.map {
      ValueComparison.Question(name: last.name, rule: $0, observing: observing)
    }
    questions.append(.init(name: last.name, isOneNumber: true))
    let narrowed = made.randomElement(using: &random) ?? last
    for value in [last, narrowed] where value.shape.rank > 1 {
      let count = value.shape[comparison.channelAxis(of: value.name, value.shape)]
      let channels = (0..<Int.random(in: 1...2, using: &random)).map { _ in
        Int.random(in: 0..<count, using: &random)
      }
      questions.append(
        .init(
          name: value.name, channels: channels,
          // What is redirected goes by what is read: of a whole concatenation, all its parts.
          rule: [.standard, .guided, .deconvolution].randomElement(using: &random) ?? .standard,
          observing: Bool.random(using: &random)
            ? comparison.observable(before: value.name).filter(names.contains).suffix(2) : []))
    }
    return questions
  }
}
