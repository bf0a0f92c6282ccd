public import Attribution
import Tensors

/// A method with what a person said about it.
public struct ConfiguredMethod: Sendable {
  /// The method by its name.
  public let registered: RegisteredMethod
  /// What it does.
  public let method: any AttributionMethod
  /// How many noisy copies it is averaged over; nil: none.
  public let smoothing: Int?
  /// What a person said about it.
  let settings: RegisteredMethod.Settings

  /// Creates a method.
  ///
  /// - Parameters:
  ///   - registered: The method by its name.
  ///   - settings: What a person said about it.
  ///   - smoothing: How many noisy copies it is averaged over, at least 1; nil: none.
  /// - Throws: What the method throws where it cannot have a setting.
  public init(
    _ registered: RegisteredMethod, _ settings: RegisteredMethod.Settings = .init(),
    smoothing: Int? = nil
  ) throws {
    self.registered = registered
    self.smoothing = smoothing
    self.settings = settings
    let plain = try registered.method(settings)
    let seed = settings.seedOrZero
    method = smoothing.map { SmoothGrad(of: plain, samples: $0, seed: seed) } ?? plain
  }

  /// The same of the layers that it makes its map of, where it takes some and none was named.
  func settled(in explained: Explained, at input: Tensor) throws -> ConfiguredMethod {
    try ConfiguredMethod(
      registered, registered.settled(settings, in: explained, at: input), smoothing: smoothing)
  }

  /// The name, and what was done to it: `grad-cam`, `gradient, mean of 25 noisy copies`.
  public var title: String {
    registered.name + (smoothing.map { ", mean of \($0) noisy copies" } ?? "")
  }
}
