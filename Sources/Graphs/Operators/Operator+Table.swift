extension Operator {
  /// Every operator by its type.
  package static let table: [String: Operator] = Dictionary(
    uniqueKeysWithValues: families.joined().map { ($0.type, $0) })

  private static let families = [
    activations, functions, casts, arithmetic, comparisons, products, softmaxes, normalizations,
    reductions, shapes, parts, scattering, padding, centering, generators, ordering, resizing,
    sampling, convolutions, pooling, attention, quantization, recurrent, losses,
    bits, steps, determinants, selecting, regions, deformations, signals, transforms,
  ]
}
