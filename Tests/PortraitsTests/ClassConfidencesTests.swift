import Foundation
import Tensors
import Testing

@testable import Networks
@testable import Portraits

/// How sure a detector is at each place, by the definitions of softmax and sigmoid in double precision.
@Suite struct ClassConfidencesTests {
  /// A head of 3 classes: places apart, or anchors that share an axis with them.
  private static func head(
    _ shape: [Int], axis: Int, anchors: Int = 1
  ) -> ClassScores.Head {
    ClassScores.Head(
      value: "scores", shape: shape, axis: axis, first: 0, narrows: false, anchors: anchors)
  }

  private static func scores(_ heads: [ClassScores.Head], _ link: Network.Link) -> ClassScores {
    ClassScores(heads: heads, count: 3, link: link, task: .detection, scales: [])
  }

  private static func random(_ shape: Shape, seed: UInt64 = 1) -> Tensor {
    var random = SplitMix64(seed: seed)
    return Tensor.normal(shape, standardDeviation: 3, using: &random)
  }

  private static func agree(_ found: [Float], _ expected: [Double]) -> Bool {
    found.count == expected.count
      && zip(found, expected).allSatisfy { abs(Double($0) - $1) <= 1e-6 }
  }

  private static func softmax(_ row: [Float], _ index: Int) -> Double {
    exp(Double(row[index])) / row.reduce(0) { $0 + exp(Double($1)) }
  }

  @Test("a file that says sigmoid is believed, and nothing is a guess")
  func sigmoid() {
    let values = Self.random([1, 3, 5])
    let confidences = ClassConfidences(
      Self.scores([Self.head([1, 3, 5], axis: 1)], .sigmoid), values: [values])
    #expect(confidences.guess == nil)
    for index in 0..<3 {
      let own = values.gathered([index], alongAxis: 1).scalars
      #expect(Self.agree(confidences.of(index), own.map { 1 / (1 + exp(-Double($0))) }))
    }
  }

  @Test("a softmax goes over all scores of a place, one for nothing among them, at every scale")
  func softmax() {
    // 3 classes and one for nothing, at 5 and at 2 places.
    let values = [Self.random([1, 5, 4]), Self.random([1, 2, 4], seed: 2)]
    let heads = values.map { Self.head($0.shape.dimensions, axis: 2) }
    let confidences = ClassConfidences(Self.scores(heads, .softmax), values: values)
    #expect(confidences.guess == nil)
    for index in 0..<3 {
      let expected = values.flatMap { value in
        (0..<value.shape[1]).map { place in
          Self.softmax(Array(value.scalars[4 * place..<4 * place + 4]), index)
        }
      }
      #expect(Self.agree(confidences.of(index), expected))
    }
  }

  @Test("anchors that share an axis with classes have a softmax each")
  func anchors() {
    let values = Self.random([1, 6, 2, 2])
    let confidences = ClassConfidences(
      Self.scores([Self.head([1, 6, 2, 2], axis: 1, anchors: 2)], .softmax), values: [values])
    for index in 0..<3 {
      let expected = (0..<2).flatMap { anchor in
        (0..<4).map { place in
          Self.softmax((0..<3).map { values.scalars[(3 * anchor + $0) * 4 + place] }, index)
        }
      }
      #expect(Self.agree(confidences.of(index), expected))
    }
  }

  @Test(
    "where the file says nothing, numbers in 0…1 are taken as they are and others by their sigmoid, and it is said",
    arguments: [Network.Link.none, .other])
  func guesses(link: Network.Link) {
    let scores = Self.scores([Self.head([1, 3, 5], axis: 1)], link)
    let shares = Self.random([1, 3, 5]).sigmoid()
    let taken = ClassConfidences(scores, values: [shares])
    #expect(taken.guess?.contains("all are in 0…1 and are taken as they are") == true)
    #expect(taken.of(1) == shares.gathered([1], alongAxis: 1).scalars)
    // One number beyond 1 is enough.
    var numbers = shares.scalars
    numbers[14] = 1.5
    let guessed = ClassConfidences(scores, values: [Tensor([1, 3, 5], numbers)])
    #expect(guessed.guess?.contains("confidences are their sigmoid, a guess") == true)
    #expect(Self.agree(guessed.of(2), numbers[10...].map { 1 / (1 + exp(-Double($0))) }))
  }

  @Test("a segmenter's classes have the shares of its map where their scores are the highest")
  func shares() {
    func scores(_ head: ClassScores.Head, count: Int) -> ClassScores {
      ClassScores(heads: [head], count: count, link: .none, task: .segmentation, scales: [])
    }
    let values = Self.random([1, 3, 5, 4])
    let places = (0..<20).map { place in
      (0..<3).max { values.scalars[$0 * 20 + place] < values.scalars[$1 * 20 + place] }
    }
    let expected = (0..<3).map { index in Float(places.count { $0 == index }) / 20 }
    #expect(Set(expected).count > 1)
    let first = Self.head([1, 3, 5, 4], axis: 1)
    #expect(scores(first, count: 3).shares(in: [values]) == expected)
    let last = Self.head([1, 5, 4, 3], axis: 3)
    #expect(
      scores(last, count: 3).shares(in: [values.transposed([0, 2, 3, 1])]) == expected)
    // Of a single class what lies above 0.
    let one = values.gathered([0], alongAxis: 1)
    let above = Float(one.scalars.count { $0 > 0 }) / 20
    #expect(scores(Self.head([1, 1, 5, 4], axis: 1), count: 1).shares(in: [one]) == [above])
    #expect(Self.scores([first], .none).shares(in: [values]) == nil)
  }
}
