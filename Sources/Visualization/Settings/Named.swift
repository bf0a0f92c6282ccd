public import Tensors

/// Something that people choose by name; each registers where it is written.
public struct Named<Made>: Sendable {
  /// The name: `fourier`.
  public let name: String

  /// What it is, in a few words.
  public let help: String

  /// Makes it for pictures of a shape, N×C×H×W, as a recipe says.
  public let make: @Sendable (_ shape: Shape, _ recipe: Recipe) -> Made

  /// Creates an entry.
  ///
  /// - Parameters:
  ///   - name: The name.
  ///   - help: What it is, in a few words.
  ///   - make: Makes it for pictures of a shape, N×C×H×W, as a recipe says.
  public init(
    _ name: String, help: String,
    make: @escaping @Sendable (_ shape: Shape, _ recipe: Recipe) -> Made
  ) {
    (self.name, self.help, self.make) = (name, help, make)
  }
}
