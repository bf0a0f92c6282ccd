/// A kind of network, and the settings that suit pictures of it.
public struct NetworkKind: Hashable, Sendable {
  /// The name: `transformer`.
  public let name: String

  /// What it is, in a few words.
  public let help: String

  /// Values of settings, by key, where neither people nor the model's file say others.
  public let suits: [String: String]

  /// Trained on pictures as they are, by convolutions: what the usual settings are for.
  public static let convolutional = NetworkKind(
    name: "conv", help: "convolutions: the usual settings", suits: [:])

  /// Tokens that attend to one another.
  ///
  /// Source: Ghiasi et al., "What do Vision Transformers Learn?", 2022.
  public static let transformer = NetworkKind(
    name: "transformer", help: "tokens: colours changed at random, noise, two views",
    suits: ["transforms": "colors", "views": "2"])

  /// Trained against adversaries, whose gradients look like things by themselves.
  public static let robust = NetworkKind(
    name: "robust", help: "trained against adversaries: small steps",
    suits: ["learning-rate": "0.02"])

  /// For pictures of at most 64 pixels.
  public static let small = NetworkKind(
    name: "small", help: "pictures of at most 64 pixels: smaller steps",
    suits: ["learning-rate": "0.03"])

  /// For pictures without colours.
  public static let grey = NetworkKind(
    name: "grey", help: "pictures without colours: smaller steps, smooth",
    suits: ["learning-rate": "0.03", "tv": "0.3"])

  /// All of them.
  public static let all = [convolutional, transformer, robust, small, grey]

  /// The kind of a name.
  public static func named(_ name: String) -> NetworkKind? { all.first { $0.name == name } }
}
