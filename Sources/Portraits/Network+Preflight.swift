import Foundation
public import Networks
public import Visualization

extension Network {
  /// The file's name, without folders.
  public var name: String { URL(filePath: path).lastPathComponent }

  /// What the program believes about the network's pictures, for a person to check: a wrong range or
  /// order fails silently otherwise.
  ///
  /// - Parameter size: Height and width of what will go in.
  /// - Returns: A sentence; a paragraph where something is not known.
  public func preflight(size: PictureSize) -> String {
    let what = "\(preparationInWords), \(size.width)×\(size.height)"
    let labels = labels.isEmpty ? "" : ", \(labels.count) labels"
    if preprocessing != nil { return "\(name): \(what)\(labels)." }
    return
      "\(name) does not say how pictures are prepared for it. Assuming \(what)\(labels). If that is "
      + "wrong, so is the result."
  }
}

extension Network {
  /// What becomes of pictures: `RGB in 0…255`, `4 bands in 0…1`.
  public var preparationInWords: String {
    preparation.color == .bands
      ? "\(inputChannels ?? 0) \(preparation.inWords)" : preparation.inWords
  }
}

extension Preprocessing {
  /// `BGR in 0…255 less (104, 117, 123)`.
  public var inWords: String {
    let color = color == .gray ? "grey" : color.rawValue  // RGB, BGR, bands
    var text = "\(color) in \(rangeLower.plain)…\(rangeUpper.plain)"
    let list = { (numbers: [Float]) in
      Set(numbers).count == 1
        ? numbers[0].plain : "(\(numbers.map(\.plain).joined(separator: ", ")))"
    }
    if mean.contains(where: { $0 != 0 }) { text += " less \(list(mean))" }
    if standardDeviation.contains(where: { $0 != 1 }) {
      text += ", over \(list(standardDeviation))"
    }
    return text
  }
}
