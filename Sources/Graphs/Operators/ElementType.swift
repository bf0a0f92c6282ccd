import ONNX

/// The kind of a tensor's scalars, by ONNX's number for it.
package struct ElementType: RawRepresentable, Hashable, Sendable {
  package let rawValue: Int

  /// The type that ONNX numbers so; a number without one is a type that is not known.
  package init(rawValue: Int) {
    self.rawValue = rawValue
  }

  package static let float = ElementType(rawValue: 1)
  package static let uint8 = ElementType(rawValue: 2)
  package static let int8 = ElementType(rawValue: 3)
  package static let int32 = ElementType(rawValue: 6)
  package static let int64 = ElementType(rawValue: 7)
  package static let bool = ElementType(rawValue: 9)

  /// Whether it is floats of two bytes, all of which are floats of four.
  package var isShortFloat: Bool { rawValue == 10 || rawValue == 16 }

  /// Whether it is integers or Booleans; what is unknown is taken for floating point.
  package var isInteger: Bool { bits != nil }

  /// The bits of an integer, of a Boolean 1; nil for what is none.
  package var bits: Int? {
    switch rawValue {
    case 9: 1
    case 25, 26: 2
    case 21, 22: 4
    case 2, 3: 8
    case 4, 5: 16
    case 6, 12: 32
    case 7, 13: 64
    default: nil
    }
  }

  /// Whether it is integers with a sign.
  package var isSigned: Bool { [3, 5, 6, 7, 22, 26].contains(rawValue) }

  /// The numbers that it can hold, where they are few.
  package var range: ClosedRange<Float>? {
    if let format = shortFloat { return -format.largest...format.largest }
    guard let bits, bits <= 16 else { return nil }
    let count = Float(1 << bits)
    return isSigned ? -count / 2...count / 2 - 1 : 0...count - 1
  }

  /// The format of floats of a byte or less.
  var shortFloat: ShortFloat? { TensorProto.DataType(rawValue: rawValue)?.shortFloat }

  /// Whether it is an exponent without a mantissa, a power of two.
  package var isExponent: Bool { rawValue == 24 }
}
