import Attribution
import Explanations
import Imaging
import Networks
import Portraits
import Tensors
import Visualization

/// A photograph that somebody dropped in, and what the network sees in it.
struct PhotographSubject: Sendable {
  /// What its page is called.
  let name: String
  let explainer: Explainer
  let photograph: Photograph

  /// The width that maps are shown at, in pixels.
  static let width = 320

  init(_ bytes: [UInt8], named name: String, _ microscope: Microscope) throws {
    self.name = name
    explainer = microscope.explainer
    photograph = try explainer.photograph(
      Picture(encoded: bytes, named: "the photograph"), named: "photograph")
  }

  /// A map of the network's positions over the photograph.
  ///
  /// - Parameters:
  ///   - map: A number a position, h×w.
  ///   - range: The numbers at both ends of the colours.
  /// - Returns: A picture without alpha.
  func overlay(_ map: Tensor, on range: ClosedRange<Float>) -> Picture {
    let (width, height) = (Self.width, photograph.height(atWidth: Self.width))
    let (values, place) = photograph.framing.unframed(map, width: width, height: height)
    var picture = photograph.shown(width: width)
    let heat = HeatMap(
      values, colors: range.lowerBound < 0 ? .blueWhiteRed : .inferno, normalization: .fixed(range))
    picture.draw(heat.overlay(on: picture.cropped(place)), x: place.x, y: place.y)
    return picture
  }

  /// A class and how sure the network is of it.
  func words(_ one: Classification) -> [String] {
    let title = NetworkUnit.title(ofLogit: one.index, labels: photograph.labels, of: one.numbers)
    guard let probability = one.probability else {
      return [title, Double(one.logit).fixed(2), "\(one.index)"]
    }
    return [title, Double(100 * probability).fixed(1) + " %", "\(one.index)"]
  }
}
