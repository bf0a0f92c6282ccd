public import Tensors

/// A picture that an objective compares pictures with.
///
/// In an ascent it goes through the same transforms as they do, and through the network beside them.
public struct ReferencePicture: Hashable, Sendable {
  /// What it is called: its file, as a person wrote it.
  public let name: String

  /// 1×C×H×W in 0…1; it is brought to the size of the pictures that are compared with it.
  public let pixels: Tensor

  /// Creates a reference.
  ///
  /// - Parameters:
  ///   - name: What it is called.
  ///   - pixels: 1×C×H×W in 0…1.
  public init(_ name: String, _ pixels: Tensor) {
    (self.name, self.pixels) = (name, pixels)
  }

  /// Feeds the name and the shape; pictures that differ in nothing else are told apart by `==`.
  public func hash(into hasher: inout Hasher) {
    hasher.combine(name)
    hasher.combine(pixels.shape)
  }
}
