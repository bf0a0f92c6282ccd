import CKernels

/// What the factors of convolutions and of products with weights are rounded to; sums are floats in any case.
public enum Precision: String, Sendable, CaseIterable {
  /// 24 bits, nothing rounded.
  case float32
  /// 8 bits, on processors that multiply such numbers (AVX512-BF16): each up to 2⁻⁹ wrong, a float 2⁻²⁵.
  case bfloat16

  /// Whether the processor has it.
  public var isSupported: Bool { self == .float32 || kernel_has_bfloat16() != 0 }
}
