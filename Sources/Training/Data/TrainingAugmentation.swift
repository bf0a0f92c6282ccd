import Blocks
import Tensors

/// Random changes to a picture that leave its class alone.
public struct TrainingAugmentation: Sendable, Equatable {
  /// Whether half of the pictures are mirrored.
  public var mirrors: Bool
  /// How far a picture may be shifted, in pixels; its border is reflected.
  public var shift: Int
  /// How far all channels together may become brighter or darker, in 0…1.
  public var brightness: Float
  /// How far each channel may by itself.
  public var color: Float

  /// Creates an augmentation.
  public init(mirrors: Bool = true, shift: Int = 6, brightness: Float = 0.1, color: Float = 0.04) {
    (self.mirrors, self.shift) = (mirrors, shift)
    (self.brightness, self.color) = (brightness, color)
  }

  /// Nothing changes.
  public static let none = TrainingAugmentation(mirrors: false, shift: 0, brightness: 0, color: 0)

  /// Writes a changed picture.
  ///
  /// - Parameters:
  ///   - bytes: The picture, planar.
  ///   - shape: Channels, height, width.
  ///   - result: Takes the picture in 0…1.
  ///   - random: Where the draws come from; always the same number of them.
  func apply(
    to bytes: UnsafePointer<UInt8>, shape: Shape, into result: UnsafeMutablePointer<Float>,
    using random: inout some RandomNumberGenerator
  ) {
    let (channels, height, width) = (shape[0], shape[1], shape[2])
    let isMirrored = Bool.random(using: &random) && mirrors
    let down = Int.random(in: -shift...shift, using: &random)
    let right = Int.random(in: -shift...shift, using: &random)
    let brighter = Float.random(in: -1...1, using: &random) * brightness
    let columns = (0..<width).map { x in
      let column = Self.reflected(x + right, width)
      return isMirrored ? width - 1 - column : column
    }
    for c in 0..<channels {
      let offset = brighter + Float.random(in: -1...1, using: &random) * color
      for y in 0..<height {
        let from = bytes + (c * height + Self.reflected(y + down, height)) * width
        let to = result + (c * height + y) * width
        for x in 0..<width {
          to[x] = min(1, max(0, Float(from[columns[x]]) * (1 / 255) + offset))
        }
      }
    }
  }

  /// The position that is seen at `i` in a mirror at either end: −1 shows 1.
  private static func reflected(_ i: Int, _ count: Int) -> Int {
    guard count > 1 else { return 0 }
    let period = 2 * (count - 1)
    let j = ((i % period) + period) % period
    return j < count ? j : period - j
  }
}
