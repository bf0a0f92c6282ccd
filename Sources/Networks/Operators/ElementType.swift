/// The kind of a tensor's scalars, by ONNX's number for it.
struct ElementType: RawRepresentable, Hashable {
  let rawValue: Int

  static let float = ElementType(rawValue: 1)
  static let bool = ElementType(rawValue: 9)

  /// Whether it is integers or Booleans; what is unknown is taken for floating point.
  var isInteger: Bool { [2, 3, 4, 5, 6, 7, 9, 12, 13, 21, 22].contains(rawValue) }

  /// The numbers that it can hold, where they are few.
  var range: ClosedRange<Float>? {
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
