/// An optimizer that people choose by name; each registers where it is written.
public struct NamedOptimizer: Sendable {
  /// The name: `adam`.
  public let name: String

  /// What it does, in a few words.
  public let help: String

  /// Whether its steps grow with the gradient.
  public let followsScale: Bool

  /// Makes it for a learning rate.
  public let make: @Sendable (_ learningRate: Float) -> any Optimizer

  /// Creates an entry.
  ///
  /// - Parameters:
  ///   - name: The name.
  ///   - help: What it does, in a few words.
  ///   - followsScale: Whether its steps grow with the gradient.
  ///   - make: Makes it for a learning rate.
  public init(
    _ name: String, help: String, followsScale: Bool = false,
    make: @escaping @Sendable (_ learningRate: Float) -> any Optimizer
  ) {
    (self.name, self.help, self.followsScale, self.make) = (name, help, followsScale, make)
  }

  /// All of them; each registers in its own file.
  public static let all: [NamedOptimizer] = [
    GradientDescent.named,
    Momentum.named,
    Momentum.namedSum,
    RMSProp.named,
    Adam.named,
    NAdam.named,
  ]
}
