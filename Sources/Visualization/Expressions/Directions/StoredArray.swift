#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// An array of numbers in a file, one axis or two.
struct StoredArray {
  /// The file, for errors.
  let file: String
  /// All of the file.
  let bytes: Data
  /// Where the numbers begin.
  let offset: Int
  let type: StoredNumber
  let shape: [Int]
  /// Whether columns lie one after the other and not rows.
  var isColumnMajor = false

  /// Takes an array that is all there.
  ///
  /// `length` are the bytes that the file has for it.
  ///
  /// - Throws: `DirectionError` for another number of axes, and where the shape needs other than `length` bytes.
  init(
    file: String, bytes: Data, offset: Int, length: Int, type: StoredNumber, shape: [Int],
    isColumnMajor: Bool = false
  ) throws(DirectionError) {
    guard (1...2).contains(shape.count) else {
      throw DirectionError(
        file: file, reason: "has an array of \(shape.count) axes; it must have one or two")
    }
    var count = type.width
    for extent in shape {
      let (product, isTooLarge) = count.multipliedReportingOverflow(by: extent)
      guard extent > 0, !isTooLarge else {
        throw DirectionError(
          file: file, reason: "has the shape (\(shape.map(String.init).joined(separator: ", ")))")
      }
      count = product
    }
    guard count == length else {
      throw DirectionError(
        file: file,
        reason: "declares \(count / type.width) numbers and holds \(length / type.width)")
    }
    (self.file, self.bytes, self.offset, self.type) = (file, bytes, offset, type)
    (self.shape, self.isColumnMajor) = (shape, isColumnMajor)
  }

  /// A row, or the only one.
  ///
  /// - Throws: `DirectionError` for a row that there is not, and where none is said of several.
  func row(_ row: Int?) throws(DirectionError) -> [Float] {
    let (rows, columns) = shape.count == 1 ? (1, shape[0]) : (shape[0], shape[1])
    if shape.count == 1, row != nil {
      throw DirectionError(file: file, reason: "has one axis and no rows; leave the row out")
    }
    if shape.count == 2, row == nil, rows > 1 {
      throw DirectionError(
        file: file, reason: "has \(rows) rows; say which, such as \(file):0")
    }
    let wanted = row ?? 0
    guard (0..<rows).contains(wanted) else {
      throw DirectionError(file: file, reason: "has the rows 0…\(rows - 1), not \(wanted)")
    }
    return (0..<columns).map { column in
      let place = isColumnMajor ? column * rows + wanted : wanted * columns + column
      return type.number(bytes, at: offset + place * type.width)
    }
  }
}
