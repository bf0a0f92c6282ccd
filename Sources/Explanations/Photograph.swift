public import Imaging
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
