public import Tensors

/// Which part of a photograph goes into a frame of other proportions, and where a map of the frame lies on the
/// photograph.
public struct Framing: Hashable, Sendable {
  /// How a photograph is brought into a frame.
  public enum Fit: String, Hashable, Sendable, CaseIterable {
    /// The middle, as large as the frame's proportions allow: what sticks out is cut off.
    case crop
    /// All of it, with bars of grey beside it.
    case pad
    /// All of it, its proportions changed.
    case stretch
  }

  /// A rectangle of whole pixels.
  public struct Rectangle: Hashable, Sendable {
    /// The left edge.
    public let x: Int
    /// The top edge.
    public let y: Int
    /// The number of columns.
    public let width: Int
    /// The number of rows.
    public let height: Int

    /// Creates a rectangle.
    public init(x: Int, y: Int, width: Int, height: Int) {
      (self.x, self.y, self.width, self.height) = (x, y, width, height)
    }
  }

  /// How the photograph is brought into the frame.
  public let fit: Fit
  /// The whole photograph.
  public let photograph: Rectangle
  /// The part of the photograph that is in the frame.
  public let part: Rectangle
  /// The whole frame.
  public let frame: Rectangle
  /// Where in the frame the part lies; bars are beside it.
  public let place: Rectangle

  /// The colour of bars: halfway between black and white.
  public static let bars = Color(grey: 128)

  /// Frames a photograph.
  ///
  /// - Parameters:
  ///   - picture: The photograph.
  ///   - width: The frame's width, in pixels.
  ///   - height: The frame's height, in pixels.
  ///   - fit: How the photograph is brought into it.
  /// - Precondition: `width` and `height` are at least 1.
  public init(_ picture: Picture, width: Int, height: Int, fit: Fit) {
    precondition(width > 0 && height > 0, "Framing: into \(width)×\(height) pixels")
    self.fit = fit
    photograph = Rectangle(x: 0, y: 0, width: picture.width, height: picture.height)
    frame = Rectangle(x: 0, y: 0, width: width, height: height)
    switch fit {
    case .crop:
      (part, place) = (photograph.middle(like: frame), frame)
    case .pad:
      (part, place) = (photograph, frame.middle(like: photograph))
    case .stretch:
      (part, place) = (photograph, frame)
    }
  }

  /// The photograph in its frame.
  ///
  /// - Parameters:
  ///   - picture: The photograph, of the size that was framed.
  ///   - resampling: The filter.
  /// - Returns: A picture of the frame's size.
  public func framed(_ picture: Picture, by resampling: Resampling = .automatic) -> Picture {
    let inside = picture.cropped(part).resized(
      width: place.width, height: place.height, by: resampling)
    if place == frame { return inside }
    var framed = Picture(width: frame.width, height: frame.height, filledWith: Self.bars)
    framed.draw(inside, x: place.x, y: place.y)
    return framed
  }

  /// What is not in the frame, in words: `middle 512×512 of 512×929`; nil where nothing is cut off.
  public var cut: String? {
    guard part != photograph else { return nil }
    return "middle \(part.width)×\(part.height) of \(photograph.width)×\(photograph.height)"
  }

  /// A map of the frame, brought to a part of the photograph shown at some size.
  ///
  /// - Parameters:
  ///   - map: h×w, over the whole frame, at any resolution.
  ///   - width: The width that the whole photograph is shown at, in pixels.
  ///   - height: The height that the whole photograph is shown at, in pixels.
  /// - Returns: The map where the part is, and the place of the part on the photograph as it is shown.
  public func unframed(
    _ map: Tensor, width: Int, height: Int
  ) -> (map: Tensor, place: Rectangle) {
    let shown = part.scaled(
      Double(width) / Double(photograph.width), Double(height) / Double(photograph.height))
    var map = map
    if place != frame {
      map = map.resized(width: frame.width, height: frame.height, by: .bilinear).sliced([
        place.y..<place.y + place.height, place.x..<place.x + place.width,
      ])
    }
    return (map.resized(width: shown.width, height: shown.height, by: .bilinear), shown)
  }
}

extension Framing.Rectangle {
  /// The largest rectangle in the middle that has another's proportions, rounded to whole pixels.
  fileprivate func middle(like other: Self) -> Self {
    let isWider = width * other.height > height * other.width
    let w =
      isWider ? max((height * other.width + other.height / 2) / other.height, 1) : width
    let h = isWider ? height : max((width * other.height + other.width / 2) / other.width, 1)
    return Self(x: (width - w) / 2, y: (height - h) / 2, width: w, height: h)
  }

  /// The rectangle with its edges moved to where they are at another size, at least a pixel wide and high.
  fileprivate func scaled(_ across: Double, _ down: Double) -> Self {
    func edge(_ value: Int, _ factor: Double) -> Int { Int((Double(value) * factor).rounded()) }
    let (left, top) = (edge(x, across), edge(y, down))
    return Self(
      x: left, y: top, width: max(edge(x + width, across) - left, 1),
      height: max(edge(y + height, down) - top, 1))
  }
}

extension Picture {
  /// A part of the picture.
  ///
  /// - Precondition: The part is not empty and lies within the picture.
  public func cropped(_ part: Framing.Rectangle) -> Picture {
    guard part.width != width || part.height != height else { return self }
    return cropped(x: part.x, y: part.y, width: part.width, height: part.height)
  }
}
