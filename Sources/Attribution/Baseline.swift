public import Tensors

/// The input that stands for "nothing there".
public enum Baseline: Sendable, Equatable, ExpressibleByFloatLiteral {
  /// The same value everywhere.
  case constant(Float)
  /// An input of its own, of a shape that broadcasts to the explained one.
  case input(Tensor)

  /// Creates a constant baseline.
  public init(floatLiteral value: Float) { self = .constant(value) }

  /// The baseline as a tensor.
  func tensor(_ shape: Shape) -> Tensor {
    switch self {
    case .constant(let value): Tensor(shape, repeating: value)
    case .input(let tensor): tensor.broadcast(to: shape)
    }
  }
}
