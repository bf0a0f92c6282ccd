import Attribution
import Foundation
import Networks
import Objectives
import Tensors
import Testing

@testable import Faithfulness

@Suite struct EvaluationTests {
  private struct Fault: Error, CustomStringConvertible { let description: String }

  private static let measures = [RegisteredMeasure.insertion, .deletion, .randomWeights]

  private static func evaluation(
    _ values: [(picture: String, method: String, measure: String, value: Double)]
  ) -> MethodEvaluation {
    var evaluation = MethodEvaluation(by: measures)
    for value in values {
      evaluation.add(
        .init(
          picture: value.picture, unit: "cat, \"house\"", method: value.method,
          measure: value.measure,
          result: .success(
            Measurement(
              value.value,
              isBlind: value.measure == "random-weights" && value.value > WeightRandomization.limit)
          )))
    }
    return evaluation
  }

  @Test("methods by their mean ranks; those that fail a check last")
  func ranking() {
    let evaluation = Self.evaluation([
      ("1", "a", "insertion", 0.9), ("1", "b", "insertion", 0.5), ("1", "c", "insertion", 0.7),
      ("1", "a", "deletion", 0.1), ("1", "b", "deletion", 0.3), ("1", "c", "deletion", 0.1),
      ("1", "a", "random-weights", 0.8), ("1", "b", "random-weights", 0.1),
      ("1", "c", "random-weights", -0.1),
    ])
    let ranking = evaluation.ranking
    #expect(ranking.map(\.method) == ["c", "b", "a"])
    #expect(ranking.map(\.mean) == [1.75, 3, 1.25])
    #expect(ranking[2].blindTo == ["random-weights"] && ranking[0].blindTo.isEmpty)
  }

  @Test("a method is a plainer one where its numbers are that one's in every picture")
  func alike() {
    var evaluation = Self.evaluation([
      ("1", "a", "insertion", 0.9), ("1", "b", "insertion", 0.5), ("1", "c", "insertion", 0.5),
    ])
    for (method, plainer) in [
      ("a", "d"), ("b", "d"), ("c", "d"), ("a", "d"), ("b", nil), ("c", "e"),
    ] {
      evaluation.add(method, alike: plainer)
    }
    #expect(evaluation.plainer == ["a": "d"])
    #expect(evaluation.likeness?.hasSuffix("a plainer method's: a (d).") == true)
  }

  @Test("a mean over pictures, with its standard error and how many pairs counted")
  func means() throws {
    var evaluation = MethodEvaluation(by: Self.measures)
    for (picture, value) in [("1", 1.0), ("2", 2), ("3", 6)] {
      evaluation.add(
        .init(
          picture: picture, unit: "cat", method: "a", measure: "insertion",
          result: .success(
            Measurement(value, parts: [value, 0], counted: .init(kept: 2, total: 5)))))
    }
    evaluation.add(
      .init(
        picture: "4", unit: "cat", method: "a", measure: "insertion",
        result: .failure(Fault(description: "why, and \"how\""))))
    let mean = try #require(evaluation.mean("a", .insertion))
    #expect(mean.value == 3 && mean.parts == [3, 0])
    #expect(abs((mean.standardError ?? 0) - (7.0 / 3).squareRoot()) < 1e-12)
    #expect(mean.counted == .init(kept: 6, total: 15))
    #expect(evaluation.mean("a", .deletion) == nil && evaluation.pictures.count == 4)
    let lines = evaluation.csv.components(separatedBy: "\r\n")
    #expect(lines.count == 6 && lines[1] == "1,cat,a,insertion,1.0,,2,5,")
    #expect(lines[4] == "4,cat,a,insertion,,,,,\"why, and \"\"how\"\"\"")
    let json = try JSONSerialization.jsonObject(with: evaluation.json(facts: ["seed": "0"]))
    let object = try #require(json as? [String: Any])
    #expect((object["entries"] as? [[String: Any]])?[3]["absent"] as? String == "why, and \"how\"")
    #expect((object["facts"] as? [String: String]) == ["seed": "0"])
  }

  @Test("every measure says something of a map, or why not; twice the same, on any threads")
  func evaluator() throws {
    let recorded = try RecordedMetrics()
    var random = SplitMix64(seed: 2)
    let picture = Tensor.uniform([1, 3, 32, 32], using: &random)
    func run(_ threads: Int) throws -> [MethodEvaluation.Entry] {
      let explained = try ExplainedPicture(
        NetworkUnit(.logit(recorded.unit)), at: picture, in: recorded.network, threads: threads)
      var entries: [MethodEvaluation.Entry] = []
      var last = 0.0
      let methods = ["saliency", "integrated-gradients", "grad-cam"]
      try Evaluator(methods: methods.map(RegisteredMethod.named)).evaluate(
        explained, named: "noise"
      ) { event in
        switch event {
        case .progress(let share, _):
          #expect(share >= last && share <= 1)
          last = share
        case .explained(let map): #expect(map.pixels.shape == [32, 32])
        case .alike(let method, let plainer): #expect(plainer == nil, "\(method)")
        case .failed(let method, let error): Issue.record("\(method): \(error)")
        case .measured(let entry): entries.append(entry)
        }
      }
      #expect(last == 1)
      return entries
    }
    let (once, again) = (try run(1), try run(2))
    #expect(once.count == 3 * RegisteredMeasure.all.count)
    for (a, b) in zip(once, again) {
      #expect(a.method == b.method && a.measure == b.measure)
      switch (a.result, b.result) {
      case (.success(let x), .success(let y)): #expect(x == y && x.value.isFinite, "\(a.measure)")
      case (.failure(let x), .failure(let y)): #expect("\(x)" == "\(y)")
      default: Issue.record("\(a.method), \(a.measure)")
      }
    }
    let silent = once.filter { (try? $0.result.get()) == nil }
    #expect(
      silent.allSatisfy { ["completeness", "consistency"].contains($0.measure) }, "\(silent)")
    let complete = once.first {
      $0.method == "integrated-gradients" && $0.measure == "completeness"
    }
    #expect(try #require(try complete?.result.get()).value < 0.2)
  }

  @Test("a channel has no probability; its other channels are drawn from its layer")
  func channel() throws {
    let recorded = try RecordedMetrics()
    let unit = NetworkUnit(.channel(layer: "features.9", channel: 3))
    let picture = try ExplainedPicture(unit, at: recorded.input, in: recorded.network, feed: .raw)
    #expect(picture.probability == nil && picture.others.count == 2)
    for other in picture.others {
      guard case .channel("features.9", let channel) = other.kind else {
        Issue.record("\(other)")
        continue
      }
      #expect(channel != 3 && (0..<32).contains(channel))
    }
    let map = try MeasuredMap(of: picture, by: .named("saliency"))
    let deletion = try RegisteredMeasure.deletion.measure([map]) { _ in }
    #expect(throws: FaithfulnessError.self) { try deletion[0].get() }
    #expect(try picture.predictedClass(of: recorded.input) != nil)
  }

  @Test("nothing is what the network receives as zeros")
  func nothing() throws {
    let recorded = try RecordedMetrics()
    let feed = Network.Feed.picture(.caffe)
    let zero = recorded.network.zero(of: [1, 3, 2, 2], as: feed)
    #expect(
      abs(zero[0, 2, 0, 0] - 104.0 / 255) < 1e-6 && abs(zero[0, 0, 1, 1] - 123.0 / 255) < 1e-6)
    #expect(recorded.network.received(zero, as: feed).absolute().maximum < 1e-4)
  }

  @Test("measures have names and headings that fit, and unknown ones are errors with the nearest")
  func registry() throws {
    #expect(Set(RegisteredMeasure.all.map(\.name)).count == RegisteredMeasure.all.count)
    #expect(RegisteredMeasure.all.allSatisfy { $0.heading.count <= 5 })
    #expect(try RegisteredMeasure.named("road").ranks)
    #expect {
      try RegisteredMeasure.named("deletoin")
    } throws: {
      "\($0)".contains("did you mean deletion")
    }
  }
}
