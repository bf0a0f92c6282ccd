import Foundation
import Networks
import Tensors

extension Network {
  /// The file's name.
  var name: String { URL(filePath: path).lastPathComponent }

  /// The size that pictures are brought to.
  ///
  /// - Parameter wanted: What the command line asks for.
  /// - Returns: Height and width, in pixels.
  /// - Throws: `ModelSettingsError.fixedSize` where the file allows another only.
  func pictureSize(_ wanted: SizeArgument?) throws -> (height: Int, width: Int) {
    guard let wanted else { return usualSize }
    let (height, width) = (fixedSize.height ?? wanted.height, fixedSize.width ?? wanted.width)
    guard height == wanted.height, width == wanted.width else {
      throw ModelSettingsError.fixedSize(file: path, height: height, width: width)
    }
    return (height, width)
  }

  /// What the program believes about the network's pictures, for a person to check: a wrong range or
  /// order fails silently otherwise.
  ///
  /// - Parameter size: Height and width of what will go in.
  /// - Returns: A sentence; a paragraph where something is not known.
  func preflight(size: (height: Int, width: Int)) -> String {
    let what = "\(preparation.inWords), \(size.width)×\(size.height)"
    let labels = labels.isEmpty ? "" : ", \(labels.count) labels"
    if preprocessing != nil { return "\(name): \(what)\(labels)." }
    return
      "\(name) does not say how pictures are prepared for it. Assuming \(what)\(labels). If that is "
      + "wrong, so is the result: --preset imagenet, caffe or tf, or --color, --range, --mean and "
      + "--std say better."
  }
}

extension Preprocessing {
  /// `BGR in 0…255 less (104, 117, 123)`.
  var inWords: String {
    let color = color == .gray ? "grey" : color.rawValue
    var text = "\(color) in \(rangeLower.short)…\(rangeUpper.short)"
    let list = { (numbers: [Float]) in
      Set(numbers).count == 1
        ? numbers[0].short : "(\(numbers.map(\.short).joined(separator: ", ")))"
    }
    if mean.contains(where: { $0 != 0 }) { text += " less \(list(mean))" }
    if standardDeviation.contains(where: { $0 != 1 }) {
      text += ", over \(list(standardDeviation))"
    }
    return text
  }
}
