import Blocks
import Files
public import Imaging

extension Trainer {
  /// Loss and accuracy over the epochs so far, one plot above the other.
  public func plot() -> Picture { plots.picture() }

  /// The same plots as the text of an SVG file.
  public var plotSVG: String { plots.svg }

  private var plots: [LinePlot] {
    func points(_ value: (EpochRecord) -> Double?) -> [(x: Double, y: Double)] {
      history.compactMap { record in value(record).map { (Double(record.epoch), $0) } }
    }
    var loss = LinePlot("Loss", x: "epoch", y: "cross-entropy", yScale: lossScale)
    loss.add("training", points(\.loss))
    loss.add("validation", points(\.validationLoss))
    var accuracy = LinePlot("Accuracy", x: "epoch", y: "%")
    accuracy.add("training", points { 100 * $0.accuracy })
    accuracy.add("validation", points { 100 * $0.validationAccuracy })
    let attacked = points { $0.robustAccuracy.map { 100 * $0 } }
    if !attacked.isEmpty { accuracy.add("validation, attacked", attacked) }
    return [loss, accuracy]
  }

  /// Logarithmic where the greatest loss would flatten the others: it is over ten times that in the middle.
  var lossScale: LinePlot.Scale {
    let losses = history.flatMap { [$0.loss, $0.validationLoss] }.sorted()
    guard let least = losses.first, let greatest = losses.last, least > 0 else { return .linear }
    return greatest > 10 * losses[losses.count / 2] ? .logarithmic : .linear
  }

  /// The plot as a PNG file that says which training it is of.
  ///
  /// - Returns: The file's bytes.
  /// - Throws: Where they cannot be made.
  public func plotFile() throws -> [UInt8] {
    try plot().png(texts: [
      PNGText(keyword: "Title", text: "Training of \(architecture.text)"),
      PNGText(keyword: "Software", text: program),
      PNGText(keyword: Self.keyword, text: identity.hash()),
    ])
  }

  /// Under which a plot says which training it is of.
  private static let keyword = "Training SHA-256"

  /// Finds out before any work whether a finished network, or somebody's picture, would be lost.
  ///
  /// What the same training made is replaced; it would be the same.
  ///
  /// - Parameters:
  ///   - output: Where the network goes.
  ///   - plot: Where the plot goes.
  ///   - drawing: Where the same plot goes as SVG, which does not say whose it is: one beside no plot of a training
  ///     is somebody else's.
  /// - Throws: `OccupiedError`, `FileError`.
  public func checkOutput(_ output: String, plot: String, drawing: String) throws {
    let occupant = Occupant(at: plot)
    var training: String?
    switch occupant {
    case .nothing, .damaged: break
    case .ours(let texts) where texts[Self.keyword] != nil: training = texts[Self.keyword]
    case .ours, .foreign: throw OccupiedError(file: plot, occupant: occupant.description)
    }
    if training == nil, occupant != .damaged, isFileWithContent(at: drawing) {
      throw OccupiedError(file: drawing, occupant: Occupant.foreign.description)
    }
    if isFileWithContent(at: output), try training != identity.hash() {
      throw OccupiedError(
        file: output,
        occupant: "no network of this training (other data, settings, or its plot is gone)")
    }
  }
}
