/// What a scalar does while a picture is changed in steps.
public struct Curve: Sendable, Hashable {
  /// The scalar, from the picture that is begun with to the last.
  public let values: [Double]

  /// Creates a curve.
  ///
  /// - Parameter values: The scalar at each step, at least one.
  public init(_ values: some Sequence<Float>) { self.values = values.map(Double.init) }

  /// The area under it by trapezoids, with the whole way of length 1: `(Σ − first/2 − last/2) / (n − 1)`.
  public var area: Double {
    guard let first = values.first, let last = values.last, values.count > 1 else {
      return values.first ?? .nan
    }
    return (values.reduce(0, +) - first / 2 - last / 2) / Double(values.count - 1)
  }
}
