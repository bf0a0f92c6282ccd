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
    let extent = form == .signal ? "\(size.width) samples" : "\(size.width)×\(size.height)"
    let what = "\(preparationInWords), \(extent)"
    let labels = labels.isEmpty ? "" : ", \(labels.count) labels"
    if preprocessing != nil { return "\(name): \(what)\(labels).\(believed)" }
    return
      "\(name) does not say how pictures are prepared for it. Assuming \(what)\(labels). If that is "
      + "wrong, so is the result.\(believed)"
  }

  /// Who says what beside the file, and what is not believed.
  private var believed: String {
    var sentences: [String] = []
    if let source = preparationSource, source != ModelSettings.commandLine {
      sentences.append("Pictures: by \(source.fileName).")
    }
    if let source = sources["labels"] { sentences.append("Labels: by \(source.fileName).") }
    sentences += (doubts + [colorGuess, guess].compactMap(\.self)).map {
      "\($0.prefix(1).uppercased())\($0.dropFirst())."
    }
    return sentences.isEmpty ? "" : " " + sentences.joined(separator: " ")
  }
}

extension Network {
  /// What becomes of pictures: `RGB in 0…255`, `4 bands in 0…1`.
  public var preparationInWords: String {
    let one =
      preparation.color == .bands
      ? "\(colorChannels ?? 0) \(preparation.inWords)" : preparation.inWords
    switch form {
    case .signal:
      let bands = inputChannels ?? 1
      return "a signal\(bands == 1 ? "" : " of \(bands) bands") in "
        + preparation.inWords.replacing(#/^bands in /#, with: "")
    case .volume: return "\(form.inWords ?? ""), \(one)"
    default: return one
    }
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
