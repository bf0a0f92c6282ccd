public import Imaging
public import Networks
public import Portraits
public import Tensors

/// A photograph and what a network is shown of it.
public struct Photograph: Sendable {
  /// What it is called: its file, as a person wrote it.
  public let name: String
  /// The whole photograph.
  public let picture: Picture
  /// Which part of it the network is shown.
  public let framing: Framing
  /// The network's input, 1×C×H×W in 0…1.
  public let input: Tensor
  /// What the network sees, the surest class first; empty where it is no classifier.
  public let classes: [Classification]

  /// The labels of the network's classes.
  public let labels: [String]
  /// What the input is: a picture, or a signal or a volume that `picture` shows.
  public let form: InputForm

  /// How the network's file has its input, where numbers are explained; nil of a photograph.
  let axes: InputAxes?

  init(
    name: String, picture: Picture, framing: Framing, input: Tensor, classes: [Classification],
    labels: [String], form: InputForm = .picture, axes: InputAxes? = nil
  ) {
    (self.name, self.picture, self.framing, self.input) = (name, picture, framing, input)
    (self.classes, self.labels, self.form, self.axes) = (classes, labels, form, axes)
  }

  /// Whether it is no photograph, but numbers as the network takes them.
  public var isOfNumbers: Bool { axes != nil }

  /// The network's input in words: `224×224`, `16000 samples`, `32×32×16`.
  public var extents: String {
    let (height, width) = (input.shape[2], input.shape[3])
    switch form {
    case .signal: return "\(width) samples"
    case .volume(let volume): return "\(width)×\(height)×\(volume.depth)"
    default: return "\(width)×\(height)"
    }
  }

  /// The name without folders and extension.
  public var stem: String { Self.stem(of: name) }

  /// The name of a file without folders and extension.
  public static func stem(of path: String) -> String {
    let file = path.split(separator: "/").last.map(String.init) ?? path
    guard let dot = file.lastIndex(of: "."), dot != file.startIndex else { return file }
    return String(file[..<dot])
  }

  /// The file's name without folders.
  public var fileName: String { name.split(separator: "/").last.map(String.init) ?? name }
}
