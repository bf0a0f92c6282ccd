import Galleries
import Portraits
import Visualization

/// A unit's large picture, or the place where it will be.
struct PlateFigure {
  let plate: Plate
  /// What is known of the picture; nil: it is not made.
  let record: PortraitRecord?
  /// What the unit is called.
  let title: String
  /// The way to the root of the network's pages.
  let root: String
  /// Whether nothing computes behind the page.
  let isStatic: Bool

  /// A picture of one grey pixel.
  private static let blank =
    "data:image/gif;base64,R0lGODlhAQABAIAAAMLCwgAAACH5BAAAAAAALAAAAAABAAEAAAICRAEAOw=="

  /// The picture.
  var html: String {
    let title = HTML.escaped(title)
    let size = plate.recipe.size ?? PictureSize(height: 224, width: 224)
    let shape =
      "width=\"\(size.width * plate.item.scale)\" height=\"\(size.height * plate.item.scale)\""
    guard record != nil else {
      let words = isStatic ? "no picture was made" : "its picture is being made"
      return "<img class=\"main\" \(shape) alt=\"\(title): \(words)\" src=\"\(Self.blank)\">"
    }
    return
      "<img class=\"main\" \(shape) src=\"\(HTML.escaped(root + plate.address))\" alt=\"What excites \(title)\">"
  }
}
