/// Something that people choose by name; each registers where it is written.
public struct Named<Made>: Sendable {
  /// The name: `fourier`.
  public let name: String

  /// What it is, in a few words.
  public let help: String

  /// Values of settings that suit it, by key, where nobody says others.
  public let suits: [String: String]

  /// Makes it for an ascent's pictures, as a recipe says.
  public let make: @Sendable (_ ascent: Ascent, _ recipe: Recipe) -> Made

  /// Creates an entry.
  ///
  /// - Parameters:
  ///   - name: The name.
  ///   - help: What it is, in a few words.
  ///   - suits: Values of settings that suit it, by key, where nobody says others.
  ///   - make: Makes it for an ascent's pictures, as a recipe says.
  public init(
    _ name: String, help: String, suits: [String: String] = [:],
    make: @escaping @Sendable (_ ascent: Ascent, _ recipe: Recipe) -> Made
  ) {
    (self.name, self.help, self.suits, self.make) = (name, help, suits, make)
  }
}
