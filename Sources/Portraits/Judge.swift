public import Imaging
public import Networks
import Tensors
import Visualization

/// A network that did not make a picture and says what it sees in it.
///
/// What one network alone was led to see, another does not: a picture that others name as well shows its class. Of
/// several views (the whole picture, its middle, four corners, each mirrored or not) the probabilities are averaged.
///
/// It holds the network ready to run and belongs to one task.
public final class Judge {
  /// The network.
  public let network: Network
  private let logits: Network.Logits
  private let size: PictureSize
  private let plan: Plan

  /// What it sees in one picture.
  public struct Verdict: Hashable, Sendable {
    /// The first class that is seen, and how surely.
    public let first: String
    /// How surely the first class is seen.
    public let firstProbability: Float
    /// Where the class that is asked for stands among all, from 1; nil: there is none, or the network does not know it.
    public let rank: Int?
    /// How surely that class is seen; of several that a name stands for, their sum.
    public let probability: Float?
  }

  /// Prepares a network.
  ///
  /// - Parameters:
  ///   - network: A classifier.
  ///   - threads: How many threads share the work.
  /// - Throws: `JudgeError.noClasses` for a network that is none; what keeps it from being shown pictures.
  public init(_ network: Network, threads: Int = processorCount) throws {
    size = network.pictureSize(nil)
    let shape = network.inputShape(size: size)
    guard let logits = network.logits(in: try network.shapes(inputShape: shape)),
      logits.haveClasses
    else {
      throw JudgeError.noClasses(file: network.path)
    }
    (self.network, self.logits) = (network, logits)
    plan = try network.plan(
      inputShape: shape, readings: [Reading(.value(logits.value))],
      feed: .picture(network.preparation), differentiable: false, threads: threads)
  }

  /// The classes that a name stands for.
  ///
  /// Those of which a name is the very same; else those of which a name ends in it, as `king penguin` does in
  /// `penguin`.
  ///
  /// - Parameters:
  ///   - name: A label, or the first name of one.
  ///   - others: What the name stands for in other networks' words, by the name; they come first.
  /// - Returns: Their logits; none where the network does not know it.
  public func classes(called name: String, knownAs others: [String: [String]] = [:]) -> [Int] {
    let wanted = (others[name] ?? [name]).map(Self.words)
    let labels = network.labels.map { label in
      label.split(separator: ",").map { Self.words(of: String($0)) }
    }
    let same = labels.indices.filter { !labels[$0].filter(wanted.contains).isEmpty }
    if !same.isEmpty || others[name] != nil { return same }
    return labels.indices.filter { index in
      labels[index].contains { words in wanted.contains { words.suffix($0.count) == $0[...] } }
    }
  }

  /// The words of a text in small letters.
  private static func words(of text: String) -> [String] {
    text.lowercased().split { !$0.isLetter && !$0.isNumber && $0 != "'" }.map(String.init)
  }

  /// What the network sees in a picture.
  ///
  /// - Parameters:
  ///   - picture: The picture.
  ///   - classes: The logits that are asked for.
  /// - Returns: The verdict.
  /// - Throws: `PictureError`, `NetworkError`, `JudgeError`.
  public func verdict(on picture: Picture, classes: [Int]) throws -> Verdict {
    let views = try views(of: picture)
    var mean = [Float](repeating: 0, count: logits.count)
    for view in views {
      guard let probabilities = logits.probabilities(try plan.forward(view)[0].scalars) else {
        throw logits.guess.map {
          JudgeError.unsaidNumbers(file: network.path, guess: $0, remedy: logits.remedy)
        } ?? JudgeError.noProbabilities(file: network.path)
      }
      guard probabilities.allSatisfy(\.isFinite) else {
        throw JudgeError.notFinite(file: network.path)
      }
      for (index, probability) in probabilities.enumerated() {
        mean[index] += probability / Float(views.count)
      }
    }
    return verdict(mean, classes)
  }

  private func verdict(_ probabilities: [Float], _ classes: [Int]) -> Verdict {
    let first =
      probabilities.indices.max {
        (probabilities[$0], $1) < (probabilities[$1], $0)
      } ?? 0
    let label = NetworkUnit.title(ofLogit: first, labels: network.labels, of: logits.kind)
    let known = classes.filter(probabilities.indices.contains)
    guard let best = known.map({ probabilities[$0] }).max() else {
      return Verdict(
        first: label, firstProbability: probabilities[first], rank: nil, probability: nil)
    }
    let better = probabilities.indices.filter {
      probabilities[$0] > best && !known.contains($0)
    }
    return Verdict(
      first: label, firstProbability: probabilities[first], rank: better.count + 1,
      probability: known.reduce(0) { $0 + probabilities[$1] })
  }

  /// The whole picture, its middle and its corners of nine tenths, each mirrored as well.
  private func views(of picture: Picture) throws -> [Tensor] {
    let (width, height) = (picture.width, picture.height)
    let part = (width: max(1, width * 9 / 10), height: max(1, height * 9 / 10))
    let (right, bottom) = (width - part.width, height - part.height)
    let places = [(right / 2, bottom / 2), (0, 0), (right, 0), (0, bottom), (right, bottom)]
    let crops = places.map { x, y in
      picture.cropped(x: x, y: y, width: part.width, height: part.height)
    }
    return try ([picture] + crops).flatMap { crop -> [Tensor] in
      let view = try network.input(crop, size: size)
      return [view, view.gathered((0..<view.shape[3]).reversed(), alongAxis: 3)]
    }
  }
}

/// Why a network cannot judge pictures.
public enum JudgeError: Error, Hashable, CustomStringConvertible {
  /// It is no classifier.
  case noClasses(file: String)
  /// Its numbers are no probabilities.
  case noProbabilities(file: String)
  /// Nothing says that its numbers are scores of classes of which there are probabilities.
  case unsaidNumbers(file: String, guess: String, remedy: Network.Remedy)
  /// What it computes of a picture is not finite.
  case notFinite(file: String)

  /// What is wrong and what to do.
  public var description: String {
    switch self {
    case .noClasses(let file):
      "\(file) names no classes and cannot say what it sees; name a classifier"
    case .noProbabilities(let file):
      "\(file) ends in a number that is no probability and cannot say what it sees; name a classifier of several classes"
    case .unsaidNumbers(let file, let guess, let remedy):
      "\(file) cannot say what it sees: \(guess); \(Self.advice(on: remedy))"
    case .notFinite(let file):
      "\(file) computes numbers that are not finite of this picture; name another classifier"
    }
  }

  private static func advice(on remedy: Network.Remedy) -> String {
    switch remedy {
    case .labels: "a list of their names beside it, labels.txt, says it"
    case .kind:
      "\"output.kind\": \"classes\" in a JSON file beside it says that they are scores of classes"
    case .none: "name another classifier"
    }
  }
}
