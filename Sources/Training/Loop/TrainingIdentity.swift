import Files
import Foundation
import Tensors

/// What a training is: everything that the bytes of its result depend on.
///
/// Threads do not count.
struct TrainingIdentity: Codable, Equatable {
  /// Pictures and their classes, in their order.
  struct Pictures: Codable, Equatable {
    var count: Int
    /// The SHA-256 of all bytes and labels.
    var hash: String
  }

  /// The program and its version.
  var program: String
  /// The architecture and all settings, by name.
  var settings: [String: String]
  /// The names of the classes, in their order.
  var classes: [String]
  /// Channels, height, width of the pictures.
  var shape: [Int]
  var training: Pictures
  var validation: Pictures

  init(
    program: String, architecture: Architecture, settings: TrainingSettings, data: TrainingData,
    pool: ThreadPool
  ) {
    self.program = program
    self.settings = ["architecture": architecture.text]
    for (name, value) in Self.parts(of: settings) where name != "threads" {
      self.settings[name] = value
    }
    classes = data.classes
    shape = data.training.shape.dimensions
    training = Pictures(count: data.training.count, hash: data.training.hash(pool))
    validation = Pictures(count: data.validation.count, hash: data.validation.hash(pool))
  }

  /// What a setting is made of, by names in words: `augmentation shift`; a setting that is left out is none.
  private static func parts(of value: Any, named name: String = "") -> [(String, String)] {
    let mirror = Mirror(reflecting: value)
    switch mirror.displayStyle {
    case .optional:
      return mirror.children.first.map { parts(of: $0.value, named: name) } ?? [(name, "none")]
    case .struct where !mirror.children.isEmpty && !(value is any LosslessStringConvertible):
      return mirror.children.flatMap { child in
        parts(of: child.value, named: (name.isEmpty ? "" : name + " ") + words(child.label ?? ""))
      }
    default: return [(name, "\(value)")]
    }
  }

  /// `labelSmoothing` as `label smoothing`.
  private static func words(_ name: String) -> String {
    name.reduce(into: "") { $0 += $1.isUppercase ? " " + $1.lowercased() : String($1) }
  }

  /// Why this is not the training that was saved; nil: it is.
  func difference(from saved: TrainingIdentity) -> String? {
    if program != saved.program {
      return "it was saved by \(saved.program), and this is \(program)"
    }
    let names = Set(settings.keys).union(saved.settings.keys).sorted()
    let changed = names.filter { settings[$0] != saved.settings[$0] }.map {
      "\($0) \(saved.settings[$0] ?? "not said") there, \(settings[$0] ?? "not said") here"
    }
    if !changed.isEmpty { return "the settings differ: \(changed.joined(separator: "; "))" }
    if classes != saved.classes {
      return "the classes differ: \(Self.list(saved.classes)) there, \(Self.list(classes)) here"
    }
    if shape != saved.shape {
      return "the pictures are \(Shape(shape)) here and were \(Shape(saved.shape))"
    }
    for (name, here, there) in [
      ("training", training, saved.training), ("validation", validation, saved.validation),
    ] where here != there {
      return here.count == there.count
        ? "\(name) pictures have changed, or belong to other classes"
        : "there are \(here.count) \(name) pictures here and were \(there.count)"
    }
    return nil
  }

  /// A hash of it all.
  func hash() throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = .sortedKeys
    return SHA256.hexadecimal(try encoder.encode(self))
  }

  private static func list(_ names: [String]) -> String {
    names.prefix(8).joined(separator: ", ") + (names.count > 8 ? ", …" : "")
  }
}

extension PictureSet {
  /// The bytes that one thread hashes at a time.
  private static let part = 1 << 20

  /// The SHA-256 of the hashes of all parts and of the labels.
  fileprivate func hash(_ pool: ThreadPool) -> String {
    let count = (bytes.count + Self.part - 1) / Self.part
    var hashes = [String](repeating: "", count: count)
    hashes.withUnsafeMutableBufferPointer { hashes in
      nonisolated(unsafe) let hashes = hashes
      pool.run(count) { i in
        let range = i * Self.part..<min((i + 1) * Self.part, bytes.count)
        hashes[i] = SHA256.hexadecimal(Data(bytes[range]))
      }
    }
    let text = hashes.joined() + labels.map(String.init).joined(separator: ",")
    return SHA256.hexadecimal(Data(text.utf8))
  }
}
