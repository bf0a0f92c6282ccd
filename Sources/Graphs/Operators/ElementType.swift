/// The kind of a tensor's scalars, by ONNX's number for it.
package struct ElementType: RawRepresentable, Hashable {
  package let rawValue: Int

  /// The type that ONNX numbers so; a number without one is a type that is not known.
  package init(rawValue: Int) {
    self.rawValue = rawValue
  }

  package static let float = ElementType(rawValue: 1)
  package static let bool = ElementType(rawValue: 9)

  /// Whether it is integers or Booleans; what is unknown is taken for floating point.
  package var isInteger: Bool { [2, 3, 4, 5, 6, 7, 9, 12, 13, 21, 22].contains(rawValue) }

  /// The numbers that it can hold, where they are few.
  package var range: ClosedRange<Float>? {
    switch rawValue {
    case 2: 0...255
    case 3: -128...127
    case 4: 0...65535
    case 5: -32768...32767
    case 9: 0...1
    default: nil
    }
  }
}
