import Files
import Imaging
package import Networks
import Portraits
import Tensors
import Visualization

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

extension GalleryItem {
  /// Everything that the picture depends on, in one line: where two agree, the pictures do.
  package func key(network: Network, software: String, files: FileContents) -> String {
    var parts = [subject.identity]
    for path in subject.files { parts.append("file=\(files.hashes[path] ?? "")") }
    // An expression names classes by their labels, which may be said anew beside the file.
    if case .expression = subject.kind { parts.append("labels=\(files.labels)") }
    for setting in Settings.all {
      if let value = setting.text(in: recipe) {
        let hashes = setting.key == Settings.spectrum.key ? files.spectra : files.hashes
        parts.append("\(setting.key)=\(setting.isPath ? hashes[value] ?? "" : value)")
      }
    }
    return (parts + network.identity + ["software=\(software)"]).joined(separator: "; ")
  }
}

extension Network {
  /// Everything of the network that what it computes depends on: how pictures are prepared, what is fed, in which
  /// precision it computes, the file.
  package var identity: [String] {
    var parts: [String] = []
    if let preprocessing {
      parts.append(
        "input=\(preprocessing.color.rawValue) \(preprocessing.rangeLower)…\(preprocessing.rangeUpper) "
          + "mean \(preprocessing.mean) std \(preprocessing.standardDeviation)")
    }
    return parts + fed + ["model=\(sha256)"]
  }

  /// Which input is the picture, how many slices a volume has, in which precision it is computed, and what the other
  /// inputs are given; empty where the file says it all.
  var fed: [String] {
    var parts: [String] = []
    if let picture = graph.picture { parts.append("picture=\(picture)") }
    if leavesSlicesOpen, case .volume(let volume) = form,
      volume.depth != InputForm.Volume.usualDepth
    {
      parts.append("slices=\(volume.depth)")
    }
    if precision != .float32 { parts.append("precision=\(precision)") }
    for (name, value) in given.sorted(by: { $0.key < $1.key }) { parts.append("\(name)=\(value)") }
    return parts
  }
}

/// The contents of the files that pictures depend on, as hashes.
package struct FileContents: Sendable {
  private(set) var hashes: [String: String] = [:]
  /// Those of folders whose spectra are used.
  private(set) var spectra: [String: String] = [:]
  /// What there is to say of files of folders that are no pictures, after the folder's setting: `like: …`.
  private(set) var leftOut: [String] = []
  /// The hash of the network's labels.
  let labels: String

  /// For items of which no file is read yet.
  package init(labels: [String]) {
    self.labels = SHA256.hexadecimal(Data(labels.joined(separator: "\n").utf8))
  }

  /// Reads the files that a picture depends on, each once.
  ///
  /// - Throws: `ImagingError` or `FileError` for one that cannot be read, `NoPicturesError`.
  mutating func read(_ recipe: Recipe, of subject: Subject) throws {
    if let start = recipe.start {
      try read(start) {
        _ = try Picture(contentsOf: start)
        return try Self.hash(start)
      }
    }
    for path in subject.files { try read(path) { try Self.hash(path) } }
    if let folder = recipe.like {
      if hashes[folder] == nil {
        hashes[folder] = try hash(ofFolder: folder, separator: "\n", for: Settings.like.key)
      }
    }
    // Without separators, as ever: pictures that are there stay.
    if let folder = recipe.spectrum, spectra[folder] == nil {
      spectra[folder] = try hash(ofFolder: folder, separator: "", for: Settings.spectrum.key)
    }
  }

  private mutating func read(_ path: String, _ hash: () throws -> String) rethrows {
    if hashes[path] == nil { hashes[path] = try hash() }
  }

  private static func hash(_ path: String) throws -> String {
    SHA256.hexadecimal(Data(try readFile(at: path)))
  }

  private mutating func hash(
    ofFolder path: String, separator: String, for key: String
  ) throws -> String {
    let files = try photographs(at: [path])
    // What cannot be read is left out, and named.
    let contents = files.compactMap { try? Self.hash($0) }
    leftOut += try forEachPicture(of: files) { _, _ in }.map { "\(key): \($0)" }
    return SHA256.hexadecimal(Data(contents.joined(separator: separator).utf8))
  }
}
