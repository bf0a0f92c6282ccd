public import Autodiff
public import Tensors

/// A way to write pictures as parameters that are easy to optimize.
public protocol Parameterization: Sendable {
  /// The shape of the pictures: (batch, channels, height, width).
  var shape: Shape { get }

  /// Random parameters to start from.
  ///
  /// - Parameter random: The source of randomness.
  /// - Returns: The parameters.
  func initialParameters(using random: inout some RandomNumberGenerator) -> [Tensor]

  /// Parameters whose picture is as near to a given one as this parameterization comes.
  ///
  /// - Parameter picture: Values in 0…1, of the shape `shape`.
  /// - Returns: The parameters.
  func parameters(fitting picture: Tensor) -> [Tensor]

  /// The pictures that belong to some parameters.
  ///
  /// - Parameter parameters: As many and of the same shapes as `initialParameters(using:)` gives.
  /// - Returns: Values in 0…1, of the shape `shape`.
  func image(_ parameters: [Variable]) -> Variable

  /// Which parameters move after a share of the steps; the others keep still.
  ///
  /// - Parameter share: 0…1, the share of the steps that are done.
  /// - Returns: Their numbers; all, unless a parameterization says otherwise.
  func moving(afterShare share: Double) -> Range<Int>

  /// The same for pictures so many times as large, whose parameters mean the same.
  ///
  /// - Parameter factor: How many times.
  /// - Returns: The parameterization; nil: its parameters say nothing of larger pictures.
  func enlarged(by factor: Int) -> (any Parameterization)?
}

extension Parameterization {
  /// All.
  public func moving(afterShare share: Double) -> Range<Int> { 0..<Int.max }

  /// None.
  public func enlarged(by factor: Int) -> (any Parameterization)? { nil }

  /// The pictures that belong to some parameters, as numbers.
  public func picture(_ parameters: [Tensor]) -> Tensor {
    image(parameters.map { Variable($0) }).value
  }
}
