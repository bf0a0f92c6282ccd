import Autodiff
import Tensors

/// Height and width in pixels.
public struct PictureSize: Hashable, Sendable {
  /// The number of rows.
  public var height: Int

  /// The number of columns.
  public var width: Int

  /// Creates a size.
  public init(height: Int, width: Int) {
    self.height = height
    self.width = width
  }

  /// The size of pictures of shape (…, height, width).
  init(of image: Variable) {
    self.init(height: image.shape[-2], width: image.shape[-1])
  }

  var pair: (height: Int, width: Int) { (height, width) }
}

extension PictureSize: CustomStringConvertible {
  /// The largest height or width that can be asked for, in pixels.
  public static let limit = 8192

  /// The largest width of pictures of one row, which are signals.
  private static let signalLimit = 1 << 20

  /// Reads `224`, or `320x240` for width × height; nil: it is neither, or over `limit`.
  public init?(_ text: String) {
    let parts = text.lowercased().split(omittingEmptySubsequences: false) {
      $0 == "x" || $0 == "×"
    }.map { Int($0) ?? 0 }
    let limit = parts.count == 2 && parts[1] == 1 ? Self.signalLimit : Self.limit
    guard (1...2).contains(parts.count), parts.allSatisfy({ (1...limit).contains($0) }) else {
      return nil
    }
    self.init(height: parts[parts.count - 1], width: parts[0])
  }

  /// As people write it: `224`, `320x240`.
  public var description: String { width == height ? "\(width)" : "\(width)x\(height)" }
}

extension SettingKind where Value == PictureSize {
  /// Heights and widths.
  public static var size: SettingKind {
    SettingKind(
      expected: "a number of pixels such as 224, or width × height such as 320x240, up to "
        + "\(PictureSize.limit)",
      value: { PictureSize($0) }, text: \.description)
  }
}
