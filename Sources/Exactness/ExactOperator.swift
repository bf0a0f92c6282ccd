/// What an ONNX operator computes, in Double.
struct ExactOperator: Sendable {
  /// One of a node's outputs.
  typealias Function = @Sendable (ExactCall) throws -> Exact

  /// The type that nodes name.
  let type: String
  let run: Function
  /// The values of a node that tell its choices.
  let decides: Decides

  /// What choices are made on, or seen in.
  enum Decides: Sendable {
    case nothing
    case inputs
    case outputs
  }

  init(_ type: String, decides: Decides = .nothing, _ run: @escaping Function) {
    (self.type, self.run, self.decides) = (type, run, decides)
  }

  /// Every operator by its type.
  static let table: [String: ExactOperator] = Dictionary(
    uniqueKeysWithValues: families.joined().map { ($0.type, $0) })

  private static let families = [
    functions, activations, rectifiers, arithmetic, comparisons, moving, movingSeveral, choosing,
    windows, sampling,
    products, reductions, normalizations, resizing, attention, quantization, recurrent,
  ]
}
