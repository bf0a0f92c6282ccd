/// Pictures that are not there where all of them were to be put together.
public struct MissingPicturesError: Error, Hashable, Sendable, CustomStringConvertible {
  /// A picture that is missing.
  public struct Picture: Hashable, Sendable {
    /// What it is called.
    public let name: String
    /// Whose it is; nil: nobody has begun a part.
    public let part: Part?
  }

  /// Where they are missing.
  public let folder: String
  /// The pictures, in order.
  public let pictures: [Picture]
  /// The parts that were begun.
  public let begun: Set<Part>

  /// The most names, and the most parts, that are said.
  private static let most = 12

  init(folder: String, pictures: [Picture], begun: [Part]) {
    (self.folder, self.pictures, self.begun) = (folder, pictures, Set(begun))
  }

  /// Finds out whose each picture is.
  ///
  /// - Parameters:
  ///   - folder: Where they are missing.
  ///   - missing: The places of the pictures among all, with what they are called.
  ///   - costs: By which they were dealt out, of all in order.
  package init(in folder: String, missing: [(place: Int, name: String)], costs: [Double]) {
    let begun = PartMarks(in: folder).begun
    let count = begun.first?.count
    let numbers = count.map { Part.numbers(dealing: costs, among: $0) }
    let pictures = missing.map { place, name in
      Picture(name: name, part: count.flatMap { Part(numbers?[place] ?? 0, of: $0) })
    }
    self.init(folder: folder, pictures: pictures, begun: begun)
  }

  /// Which are missing, and which parts are to be made.
  public var description: String {
    var parts: [Part?] = []
    var names: [Part?: [String]] = [:]
    for picture in pictures {
      if names[picture.part] == nil { parts.append(picture.part) }
      names[picture.part, default: []].append(picture.name)
    }
    parts.sort { ($0?.number ?? 0) < ($1?.number ?? 0) }
    let each = max(1, Self.most / max(1, parts.count))
    var lines = parts.prefix(Self.most).map { part in
      let all = names[part] ?? []
      let more = all.count > each ? " and \(all.count - each) more" : ""
      let whose = part.map { "part \($0)\(begun.contains($0) ? "" : ", not begun"): " } ?? ""
      return whose + all.prefix(each).joined(separator: ", ") + more
    }
    if parts.count > Self.most { lines.append("\(parts.count - Self.most) more parts") }
    let count = pictures.count == 1 ? "1 picture is" : "\(pictures.count) pictures are"
    return "\(count) missing in \(folder); make what is missing, then merge again:\n  "
      + lines.joined(separator: "\n  ")
  }
}
