import Blocks
import Tensors

extension Compiler {
  /// What a convolution reads: a map as it is, or its values in the precision that is asked for, which are made once for
  /// all convolutions that read them.
  ///
  /// - Parameters:
  ///   - map: The map, whose values are there.
  ///   - convolution: Who reads it.
  ///   - target: The map that is computed.
  ///   - isForward: On which way.
  /// - Returns: The map to read.
  func factor(
    _ map: FeatureMap, of convolution: Convolution, to target: FeatureMap, forward isForward: Bool
  ) -> FeatureMap {
    guard precision == .bfloat16,
      convolution.isForBfloat16(from: map, to: target, back: !isForward)
    else { return map }
    if let known = rounded[ObjectIdentifier(map)] { return known }
    let halves = map.inBfloat16()
    rounded[ObjectIdentifier(map)] = halves
    emit(forward: isForward, "to bfloat16", uses: [map, halves]) {
      { pool in halves.round(map, pool: pool) }
    }
    return halves
  }
}
