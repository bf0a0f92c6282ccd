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

/// One run of `evaluate`: pictures one after the other, files written anew after each.
final class EvaluationRun {
  private let files: PictureFiles
  private let wanted: NetworkUnit?
  private let network: Network
  private let size: PictureSize
  private let evaluator: Evaluator
  private let seed: UInt64
  private let threads: Int
  private let folder: String
  /// Whether somebody named the methods, and so wants each of them.
  private let areNamed: Bool

  private let shapes: [String: Shape]
  private let feed: Network.Feed
  private var evaluation: Evaluation
  private var page: EvaluationPage
  /// Whether every picture and every named method was measured.
  private(set) var isWhole = true

  init(
    files: PictureFiles, unit: String?, network: Network, size: PictureSize, evaluator: Evaluator,
    seed: UInt64, threads: Int, folder: String, areNamed: Bool
  ) throws {
    (self.files, self.network, self.size, self.evaluator) = (files, network, size, evaluator)
    (self.seed, self.threads, self.folder, self.areNamed) = (seed, threads, folder, areNamed)
    try network.checkTakesPictures()
    shapes = try network.shapes(
      inputShape: [1, network.inputChannels ?? 3, size.height, size.width])
    wanted = try unit.map { [network, shapes] in
      try NetworkUnit($0, in: network, shapes: shapes)
    }
    feed = .picture(network.preparation)
    evaluation = Evaluation(by: evaluator.measures)
    page = EvaluationPage()
  }

  /// Measures everything, writes the files and prints the table.
  func run() throws {
    let bar = ProgressBar(total: 10_000)
    for (index, (path, name)) in zip(files.paths, files.names).enumerated() {
      do {
        try evaluate(path, named: name) { share, detail in
          bar.update(
            Int((Double(index) + share) / Double(files.paths.count) * 10_000),
            "picture \(index + 1)/\(files.paths.count)  \(detail)")
          if Interruption.isRequested { throw CancellationError() }
        }
      } catch is CancellationError {
        bar.finish()
        Terminal.note("Stopped in \(name); what was measured is written.")
        isWhole = false
        break
      } catch let error where Self.isOfPicture(error) {
        bar.finish()
        Terminal.note("\(error)")
        isWhole = false
      }
      if !evaluation.entries.isEmpty { try write() }
    }
    bar.finish()
    guard !evaluation.entries.isEmpty else { return }
    print(EvaluationTable(evaluation: evaluation).text)
    print("")
    for path in try write() { print(path) }
  }

  private static func isOfPicture(_ error: any Error) -> Bool {
    error is FileError || error is ImagingError
  }

  private func evaluate(
    _ path: String, named name: String, progress: (Double, String) throws -> Void
  ) throws {
    let original = try Picture(contentsOf: path)
    let input = try network.input(original, size: size)
    let unit = try wanted ?? topClass(of: input)
    let picture = try ExplainedPicture(
      unit, at: input, in: network, feed: feed, seed: seed, threads: threads)
    let shown = original.covering(width: size.width, height: size.height)
    page.add(shown, named: name, unit: unit.title)
    try evaluator.evaluate(picture, named: name) { event in
      switch event {
      case .progress(let share, let detail): try progress(share, detail)
      case .explained(let explanation):
        page.add(
          explanation.registered.heatMap(explanation.map).overlay(on: shown),
          of: explanation.registered.name, at: name)
      case .failed(let method, let error):
        Terminal.clearProgress()
        Terminal.note("\(method) is left out of \(name): \(error).")
        if areNamed { isWhole = false }
      case .measured(let entry): evaluation.add(entry)
      }
    }
  }

  private func topClass(of input: Tensor) throws -> NetworkUnit {
    let classes = try network.classes(of: input, shapes: shapes, feed: feed, threads: threads)
    guard let top = classes.first else { throw network.noTopClass }
    return NetworkUnit(.logit(top.index), labels: network.labels)
  }

  /// Writes the three files.
  ///
  /// - Returns: Their paths.
  @discardableResult
  private func write() throws -> [String] {
    let provenance = Provenance.current
    let facts = [
      "command": provenance.command, "software": provenance.software,
      "model": URL(filePath: network.path).lastPathComponent, "model_sha256": network.sha256,
      "seed": "\(seed)", "size": "\(size)",
    ]
    let contents: [(String, [UInt8])] = [
      ("evaluation.csv", Array(evaluation.csv.utf8)),
      ("evaluation.json", Array(try evaluation.json(facts: facts))),
      ("evaluation.html", Array(page.html(of: evaluation, facts: facts).utf8)),
    ]
    return try contents.map { name, bytes in
      let path = "\(folder)/\(name)"
      try Interruption.deferred { try writeAtomically(bytes, to: path) }
      return path
    }
  }
}
