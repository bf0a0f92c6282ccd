import ArgumentParser
import Imaging
import Networks
import Portraits
import Tensors

/// The networks that are asked what they see in a picture that another made.
struct Jury {
  private let judges: [(judge: Judge, classes: [Int])]
  private let name: String?

  /// Nobody.
  static var none: Jury { Jury(judges: [], name: nil) }

  private init(judges: [(judge: Judge, classes: [Int])], name: String?) {
    (self.judges, self.name) = (judges, name)
  }

  /// Opens the networks.
  ///
  /// - Parameters:
  ///   - paths: Their files.
  ///   - subject: What the picture is of.
  ///   - names: A file of what classes are called by them; nil: as here.
  ///   - threads: How many threads share the work.
  /// - Throws: `ValidationError` for names without networks; `JudgeError`; what is wrong with a file.
  init(_ paths: [String], of subject: Subject, names: String?, threads: Int) throws {
    guard names == nil || !paths.isEmpty else {
      throw ValidationError("--names says what the networks of --judge call things; name one.")
    }
    let known = try names.map { try ClassNames(contentsOf: $0).names } ?? [:]
    name = subject.logit == nil ? nil : subject.title
    let name = name
    judges = try paths.map { path in
      let judge = try Judge(
        Network.opened(at: path, settings: ModelSettings([:], from: path)), threads: threads)
      judge.network.announceAsJudge(
        advice: "A JSON file beside it with input.range, input.mean and input.std says better.")
      return (judge, name.map { judge.classes(called: $0, knownAs: known) } ?? [])
    }
  }

  /// How surely they see the class, on average; nil: there are none, or none knows it.
  var score: ((Tensor) throws -> Float)? {
    let knowing = judges.filter { !$0.classes.isEmpty }
    guard !knowing.isEmpty else { return nil }
    return { pictures in
      let picture = Picture(sideBySide: pictures)
      return try knowing.reduce(0) { sum, next in
        sum + (try next.judge.verdict(on: picture, classes: next.classes).probability ?? 0)
      } / Float(knowing.count)
    }
  }

  /// A line a network.
  func lines(on picture: Picture) throws -> [String] {
    try judges.map { judge, classes in
      let verdict = try judge.verdict(on: picture, classes: classes)
      return "\(judge.network.name): \(verdict.text(of: name))"
    }
  }
}
