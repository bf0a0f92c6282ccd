import Blocks
package import Autodiff

/// The operators on whole tensors, by type: each a function of variables, so that its gradient follows.
///
/// A function must throw, not trap, on whatever a file can say: what the primitives take for granted is
/// checked with the call's own helpers first. It must not throw on values of its variables, which it
/// first sees when the plan is long made.
package enum TapeOperator {
  package typealias Function = @Sendable (TapeCall) throws -> Variable

  package static let table: [String: Function] = [
    activations, functions, arithmetic, comparisons, products, softmaxes, normalizations,
    reductions,
    shapes, parts, scattering, padding, generators, ordering, resizing, sampling, convolutions,
    pooling, attention, quantization,
  ]
  .reduce(into: [:]) { table, part in table.merge(part) { first, _ in first } }

  /// The function of the first input alone.
  static func unary(_ function: @escaping @Sendable (Variable) -> Variable) -> Function {
    { function(try $0.input(0)) }
  }
}
