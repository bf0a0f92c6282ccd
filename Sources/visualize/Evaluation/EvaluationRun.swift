import Attribution
import Explanations
import Faithfulness
import Files
import Foundation
import Imaging
import Networks
import Portraits
import Tensors
import Visualization

/// One run of `evaluate`: pictures one after the other, files written anew after each picture, and within one after a
/// measure of all methods, every few seconds at most.
final class EvaluationRun {
  private let files: [String]
  private let photographs: PhotographHash
  /// What is explained in every picture; none: the top class of each.
  private let wanted: [NetworkUnit]
  /// The most units of one evaluation.
  private static let mostUnits = 256
  private let explainer: Explainer
  private let evaluator: Evaluator
  private let seed: UInt64
  private let folder: String
  /// Whether somebody named the methods, and so wants each of them.
  private let areNamed: Bool

  private var evaluation: MethodEvaluation
  private var page = EvaluationPage()
  /// Whether something was measured since the files were written.
  private var isUnwritten = false
  /// When they were written.
  private var written: ContinuousClock.Instant?
  /// How long nothing is written within a picture: the files grow with every picture.
  private static let pause = Duration.seconds(5)
  /// Whether every picture and every named method was measured.
  private(set) var isWhole = true

  init(
    files: [String], units: [String], explainer: Explainer, evaluator: Evaluator, seed: UInt64,
    folder: String, areNamed: Bool
  ) throws {
    (self.files, self.explainer, self.evaluator) = (files, explainer, evaluator)
    photographs = PhotographHash(of: files)
    (self.seed, self.folder, self.areNamed) = (seed, folder, areNamed)
    let selection = UnitSelection(
      network: explainer.network, shapes: explainer.shapes, most: Self.mostUnits)
    wanted = try units.flatMap { try selection.units($0) }.uniqued
    evaluation = MethodEvaluation(by: evaluator.measures)
  }

  /// Measures everything, writes the files and prints the table.
  func run() throws {
    let bar = ProgressBar(total: 10_000)
    for (index, (path, name)) in zip(files, names).enumerated() {
      do {
        try evaluate(path, named: name) { share, detail in
          bar.update(
            Int((Double(index) + share) / Double(files.count) * 10_000),
            "picture \(index + 1)/\(files.count)  \(detail)")
          if Interruption.isRequested { throw CancellationError() }
        }
      } catch is CancellationError {
        bar.finish()
        Terminal.note(
          evaluation.entries.isEmpty
            ? "Stopped in \(name), before any measure was finished; no file was written."
            : "Stopped in \(name); what was measured is written.")
        isWhole = false
        break
      } catch let error where Self.isOfPicture(error) {
        bar.finish()
        Terminal.note("\(error)")
        isWhole = false
      }
      if isUnwritten { try write() }
    }
    bar.finish()
    guard !evaluation.entries.isEmpty else { return }
    print(EvaluationTable(evaluation: evaluation).text)
    print("")
    // Where it stopped, maps are shown that no measure followed.
    if !isWhole { try write() }
    for path in Self.paths(in: folder) { print(path) }
  }

  /// Whether a picture is to blame, so that the others can be measured; not for output that cannot be written.
  private static func isOfPicture(_ error: any Error) -> Bool {
    error.isOfPictureFile || error is StoredInputError || error is NumPyFileError
      || error is WaveFileError
  }

  private func evaluate(
    _ path: String, named name: String, progress: (Double, String) throws -> Void
  ) throws {
    let (photograph, words) = try explainer.photograph(
      ExplainedFile(contentsOf: path), named: path)
    let units = try wanted.isEmpty ? [topClass(of: photograph)] : wanted
    let note = (words ?? photograph.framing.cut).map { ", \($0)" } ?? ""
    for (index, unit) in units.enumerated() {
      Terminal.clearProgress()
      Terminal.note("\(name): \(unit)\(index == 0 ? note : "")")
      try evaluate(
        unit, in: photograph, named: units.count == 1 ? name : "\(name) for \(unit.title)"
      ) { share, detail in
        try progress((Double(index) + share) / Double(units.count), detail)
      }
    }
  }

  private func evaluate(
    _ unit: NetworkUnit, in photograph: Photograph, named name: String,
    progress: (Double, String) throws -> Void
  ) throws {
    let picture = try ExplainedPicture(
      explainer.held(unit, in: photograph), at: photograph.input, in: explainer.network,
      feed: explainer.feed, seed: seed, threads: explainer.threads)
    let shown = photograph.isOfNumbers ? photograph.picture : Picture(photograph.input)
    page.add(shown, named: name, unit: unit.title)
    try evaluator.evaluate(picture, named: name) { event in
      switch event {
      case .progress(let share, let detail):
        // The next measure begins.
        if isUnwritten, isDue { try write() }
        try progress(share, detail)
      case .explained(let map):
        page.add(
          photograph.isOfNumbers
            ? photograph.picture(of: map) : map.heatMap.overlay(on: shown),
          of: map.registered.name, at: name)
      case .alike(let method, let plainer): evaluation.add(method, alike: plainer)
      case .failed(let method, let error):
        Terminal.clearProgress()
        Terminal.note("\(method) is left out of \(name): \(error).")
        if areNamed { isWhole = false }
      case .measured(let entry):
        evaluation.add(entry)
        isUnwritten = true
      }
    }
  }

  private var isDue: Bool { written.map { .now - $0 >= Self.pause } ?? true }

  private func topClass(of photograph: Photograph) throws -> NetworkUnit {
    guard let top = photograph.classes.first else {
      try explainer.network.requireClasses("the top class", in: explainer.shapes)
      throw UnitError.noLogits("the top class")
    }
    return explainer.network.classUnit(top.index, in: explainer.shapes)
  }

  /// What each picture is called: its file's name, or where two are the same its path.
  private var names: [String] {
    let short = files.map { URL(filePath: $0).lastPathComponent }
    return zip(files, short).map { path, name in short.count { $0 == name } == 1 ? name : path }
  }

  /// The files of a folder.
  private static func paths(in folder: String) -> [String] {
    ["csv", "json", "html"].map { "\(folder)/evaluation.\($0)" }
  }

  /// Finds out before any work whether the files can be written.
  ///
  /// - Parameter folder: Where they go.
  /// - Throws: `FileError.unwritable`.
  static func checkWritable(in folder: String) throws {
    for path in paths(in: folder) { try Files.checkWritable(path) }
  }

  /// Finds out before any work whether a file would be lost: those of an evaluation of the same network and
  /// pictures are replaced.
  ///
  /// - Parameter replacing: Whether whatever is there may be replaced.
  /// - Throws: `OccupiedError`; `FileError` where what is there cannot be read.
  func checkOutput(replacing: Bool) throws {
    let paths = Self.paths(in: folder)
    guard !replacing, let occupied = paths.first(where: { isFileWithContent(at: $0) }) else {
      return
    }
    // Of the three, this one says whose they are.
    let said = isFileWithContent(at: paths[1]) ? try readFile(at: paths[1]) : []
    guard said.firstRange(of: Array(explainer.network.sha256.utf8)) != nil else {
      throw OccupiedError(file: occupied, occupant: "no evaluation of this network")
    }
    guard said.firstRange(of: Array(photographs.hexadecimal.utf8)) != nil else {
      throw OccupiedError(file: occupied, occupant: "an evaluation of other pictures")
    }
  }

  /// Writes the three files.
  private func write() throws {
    let provenance = Provenance.current
    let facts = [
      "command": provenance.command, "software": provenance.software,
      "model": URL(filePath: explainer.network.path).lastPathComponent,
      "model_sha256": explainer.network.sha256,
      "photographs_sha256": photographs.hexadecimal,
      "seed": "\(seed)", "size": "\(explainer.size)",
    ]
    let contents = [
      Array(evaluation.csv.utf8), Array(try evaluation.json(facts: facts)),
      Array(page.html(of: evaluation, facts: facts).utf8),
    ]
    for (path, bytes) in zip(Self.paths(in: folder), contents) {
      try Interruption.deferred { try writeAtomically(bytes, to: path) }
    }
    (isUnwritten, written) = (false, .now)
  }
}

extension Photograph {
  /// Numbers with a measured map over them.
  fileprivate func picture(of map: MeasuredMap) -> Picture {
    picture(
      .overlay, of: ShownMap(map.map, of: map.registered, method: map.method, form: form),
      MapStyle(), width: picture.width)
  }
}

extension MeasuredMap {
  /// The map as it is shown.
  fileprivate var heatMap: HeatMap {
    registered.kind == .signed ? HeatMap(signed: pixels) : HeatMap(pixels)
  }
}
