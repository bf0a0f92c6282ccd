import Networks
import Portraits

/// How pictures are prepared for a network, and how surely that is known, for other programs.
struct DescribedPreparation: Encodable {
  let isKnown: Bool
  let color: String
  let range: [Float]
  let mean: [Float]
  let std: [Float]
  /// Who says it, where that is not the file's own metadata.
  private(set) var source: String?
  /// What of it nothing says and is assumed, in words.
  private(set) var guess: String?

  /// A preparation by itself.
  init(_ preprocessing: Preprocessing, isKnown: Bool) {
    self.isKnown = isKnown
    color = preprocessing.color.rawValue
    range = [preprocessing.rangeLower, preprocessing.rangeUpper]
    mean = preprocessing.mean
    std = preprocessing.standardDeviation
  }

  /// A network's own.
  init(of network: Network) {
    self.init(network.preparation, isKnown: network.preprocessing != nil)
    source = network.preparationSource
    guess =
      isKnown
      ? network.colorGuess
      : "nothing says how pictures are prepared: \(network.preparationInWords) is assumed"
  }
}
