import Tensors

/// What is looked at in a network, as people write it.
///
/// | written | is |
/// | --- | --- |
/// | `cat` | the logit of a label |
/// | `281` | a logit by its number |
/// | `layer3:17` | a channel of a layer |
/// | `layer3:17@4,5` | one neuron of it, at column 4 and row 5 |
/// | `layer3:17@class` | a channel of a transformer's layer at the class token |
/// | `layer3` or `layer3:` | a whole layer: deep dream |
public struct NetworkUnit: Sendable, Hashable, CustomStringConvertible {
  /// The kinds of units, with their numbers from 0.
  public enum Kind: Sendable, Hashable {
    /// A number of the list that a classifier ends in.
    case logit(Int)
    /// A class of a detector or a segmenter, at some places or at the best.
    case score(Int, of: ClassScores, places: [Int]?)
    /// A channel of a layer, everywhere.
    case channel(layer: String, channel: Int)
    /// A channel of a layer at one column and row.
    case neuron(layer: String, channel: Int, x: Int, y: Int)
    /// A channel of a transformer's layer at the class token.
    case classToken(layer: String, channel: Int)
    /// All of a layer.
    case layer(String)
  }

  /// What is looked at.
  public let kind: Kind
  /// What stands over a picture of it: `tabby cat`, `layer3:17`.
  public let title: String
  /// A name for its files, without an extension, such as `tabby-cat`, `class-3` or `layer3-17`.
  ///
  /// Labels that occur twice have their number after them.
  public let fileName: String
  /// What the numbers are that it is one of, where it is one of those that the network ends in.
  package let numbers: NumberKind

  /// Creates a unit that is known to exist.
  ///
  /// - Parameters:
  ///   - kind: What is looked at.
  ///   - labels: The network's labels.
  ///   - numbers: What the numbers are that the network ends in.
  public init(_ kind: Kind, labels: [String] = [], of numbers: NumberKind = .classes) {
    switch kind {
    case .logit(let index):
      self.init(logit: index, labels: labels, of: numbers) { slug in
        labels.count { Self.slug(Label.title(of: $0)) == slug }
      }
    case .score(let index, _, _):
      let title = Self.title(ofLogit: index, labels: labels)
      self.init(kind, title, Self.slug(title))
    case .channel(let layer, let channel):
      self.init(kind, "\(layer):\(channel)", "\(Self.slug(layer))-\(channel)")
    case .neuron(let layer, let channel, let x, let y):
      self.init(
        kind, "\(layer):\(channel)@\(x),\(y)", "\(Self.slug(layer))-\(channel)-x\(x)-y\(y)")
    case .classToken(let layer, let channel):
      self.init(kind, "\(layer):\(channel)@class", "\(Self.slug(layer))-\(channel)-class")
    case .layer(let layer): self.init(kind, layer, Self.slug(layer))
    }
  }

  private init(
    _ kind: Kind, _ title: String, _ fileName: String, _ numbers: NumberKind = .classes
  ) {
    (self.kind, self.title, self.fileName, self.numbers) = (kind, title, fileName, numbers)
  }

  /// The same unit under another name.
  package func named(_ title: String) -> NetworkUnit {
    NetworkUnit(kind, title, Self.slug(title), numbers)
  }

  /// Creates a logit.
  ///
  /// - Parameters:
  ///   - index: Its number.
  ///   - labels: The network's labels.
  ///   - numbers: What the numbers are that it is one of.
  ///   - count: How many labels make a file name.
  init(
    logit index: Int, labels: [String], of numbers: NumberKind, namesakes count: (String) -> Int
  ) {
    kind = .logit(index)
    self.numbers = numbers
    title = Self.title(ofLogit: index, labels: labels, of: numbers)
    let slug = Self.slug(title)
    let own = labels.indices.contains(index) && Self.slug(Label.title(of: labels[index])) == slug
    fileName = count(slug) > (own ? 1 : 0) ? "\(slug)-\(index)" : slug
  }

  /// What a number that the network ends in is called: the first name of its label, or its kind and number.
  public static func title(
    ofLogit index: Int, labels: [String], of numbers: NumberKind = .classes
  ) -> String {
    let name = labels[checked: index].map(Label.title) ?? ""
    return name.isEmpty ? numbers.title(of: index) : name
  }

  /// The title, and for a class its number: `tabby cat (class 281)`.
  public var description: String {
    switch kind {
    case .logit(let index), .score(let index, _, _):
      title == numbers.title(of: index) ? title : "\(title) (\(numbers.title(of: index)))"
    case .channel(let layer, let channel): "channel \(channel) of \(layer)"
    case .neuron(let layer, let channel, let x, let y):
      "channel \(channel) of \(layer) at column \(x), row \(y)"
    case .classToken(let layer, let channel):
      "channel \(channel) of \(layer) at the class token"
    case .layer(let layer): "the whole layer \(layer)"
    }
  }

  /// A text as part of a file name that is safe everywhere.
  ///
  /// Letters, digits, points and dashes, not hidden, not too long; capitals stay.
  package static func slug(_ text: String) -> String {
    // The commonest are it already.
    if (1...60).contains(text.utf8.count), text.utf8.allSatisfy(\.isPlain) { return text }
    var slug = ""
    for character in text {
      if character.isLetter || character.isNumber || character == "." || character == "_" {
        // A letter may carry any number of marks.
        slug.unicodeScalars.append(contentsOf: character.unicodeScalars.prefix(4))
      } else if !slug.isEmpty, slug.last != "-", character != "'" {
        slug.append("-")
      }
    }
    slug = String(slug.drop { $0 == "." || $0 == "-" }.prefix(60))
    // File systems count bytes.
    while slug.utf8.count > 180 || slug.last == "-" || slug.last == "." { slug.removeLast() }
    return slug.isEmpty ? "unit" : slug
  }
}

extension UInt8 {
  /// Whether it is a letter, digit or `_` of ASCII.
  fileprivate var isPlain: Bool {
    switch self {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"):
      true
    default: false
    }
  }
}
