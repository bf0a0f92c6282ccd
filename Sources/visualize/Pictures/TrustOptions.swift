import ArgumentParser
import Explanations
import Imaging
import Portraits
import Visualization

/// Natural pictures to hold a made one against.
struct TrustOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Compare with the natural pictures of this folder: does the unit respond to them as it does to the "
        + "picture, and through the same channels?", valueName: "folder"), completion: .directory)
  var trust: String?

  /// Refuses a folder of too few pictures, before the work.
  ///
  /// - Throws: `NoPicturesError`, `TrustError`.
  func check() throws {
    guard let trust else { return }
    let count = try photographs(at: [trust]).count
    guard count < Explainer.fewestForTrust else { return }
    throw AdvisedError(error: TrustError.tooFewPictures(count), advice: "--trust \(trust)")
  }

  /// Holds a picture against natural ones.
  ///
  /// - Parameters:
  ///   - portrait: The picture.
  ///   - prepared: What it is of.
  ///   - threads: How many threads share the work.
  /// - Returns: What was found; nil where it is not asked for.
  /// - Throws: `ImagingError` for a picture that cannot be read; `NetworkError`.
  func compared(
    _ portrait: Portrait, _ prepared: PreparedPortrait, threads: Int
  ) throws -> Trust? {
    guard let trust else { return nil }
    let files = try photographs(at: [trust])
    let network = prepared.network
    let explainer = try Explainer(network, size: prepared.size, threads: threads)
    let bar = ProgressBar(total: 100)
    defer { bar.finish() }
    return try explainer.trust(
      in: portrait.pictures,
      of: prepared.subject.objective(in: network, shapes: explainer.shapes), beside: files,
      seed: prepared.recipe.seed, progress: { bar.update(Int(100 * $0)) }
    ) { try Picture(contentsOf: files[$0]) }
  }
}
