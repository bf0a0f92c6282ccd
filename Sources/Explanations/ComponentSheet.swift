public import Attribution
public import Imaging
public import Tensors

/// A picture beside its positions in the colours of their principal components.
public struct ComponentSheet {
  private let input: Tensor
  private let colors: ComponentColors

  /// Creates a sheet.
  ///
  /// - Parameters:
  ///   - input: The picture, 1×C×H×W in 0…1.
  ///   - colors: Its positions' colours.
  public init(_ input: Tensor, _ colors: ComponentColors) {
    (self.input, self.colors) = (input, colors)
  }

  /// The sheet: the picture, and each position as a square.
  public func picture() -> Picture {
    let shares = colors.shares.map { "\(Int((100 * $0).rounded()))" }.joined(separator: ", ")
    let shown = colors.picture.resized(
      width: input.shape[3], height: input.shape[2], by: .nearest)
    return ContactSheet(
      [
        ContactSheet.Tile(Picture(input), caption: "picture"),
        ContactSheet.Tile(Picture(shown), caption: "components: \(shares) %"),
      ], columns: 2
    ).picture()
  }
}
