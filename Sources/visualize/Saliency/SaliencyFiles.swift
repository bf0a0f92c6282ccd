import ArgumentParser
import Explanations
import Files
import Foundation
import Imaging

/// Where the results of an explanation go.
struct SaliencyFiles {
  /// What `--output` says: a file where there is one result, else a folder.
  private let output: String?
  private let isFolder: Bool
  /// Whether whatever is there may be replaced.
  private let force: Bool

  /// Settles where results go, before any work.
  ///
  /// - Parameters:
  ///   - output: What `--output` says.
  ///   - formats: What is saved.
  ///   - isOne: Whether there is one result for certain.
  ///   - force: Whether whatever is there may be replaced.
  /// - Throws: `ValidationError` for a file of another format, and one file for several results.
  init(_ output: String?, formats: [MapOptions.Format], isOne: Bool, force: Bool) throws {
    (self.output, self.force) = (output, force)
    guard let output else {
      isFolder = true
      return
    }
    var isDirectory: ObjCBool = false
    let isThere = FileManager.default.fileExists(atPath: output, isDirectory: &isDirectory)
    let suffix = URL(filePath: output).pathExtension.lowercased()
    let isFile = !suffix.isEmpty && suffix.allSatisfy(\.isLetter)
    isFolder = isThere && isDirectory.boolValue || output.hasSuffix("/") || !isOne
    if isFolder {
      guard !isFile || isThere && isDirectory.boolValue else {
        throw ValidationError(
          "--output names one file, \(output), and there may be several results: name a folder.")
      }
      return
    }
    guard isFile, suffix != formats[0].rawValue else { return }
    throw ValidationError(
      MapOptions.Format(rawValue: suffix) == nil
        ? "--output cannot be written as .\(suffix): there are "
          + MapOptions.Format.allCases.map { ".\($0.rawValue)" }.joined(separator: ", ") + "."
        : "--output ends in .\(suffix) and would be written as \(formats[0].rawValue): "
          + "say --format \(suffix), or another name.")
  }

  /// Refuses a file that cannot be written, and one that is not an explanation of the same network and photographs by
  /// the same methods.
  ///
  /// Numbers do not say whose they are: where they are there already, they stay.
  ///
  /// - Parameters:
  ///   - path: The file.
  ///   - methods: How the title of what is made begins.
  ///   - modelHash: The SHA-256 of the network's file.
  ///   - photographs: What is explained.
  /// - Throws: `FileError.unwritable`, `OccupiedError`.
  func check(
    _ path: String, methods: String, modelHash: String, photographs: PhotographHash
  ) throws {
    try checkWritable(path)
    guard !force else { return }
    let occupant = Occupant(at: path)
    var other = ""
    switch occupant {
    case .nothing, .damaged: return
    case .ours(let texts):
      if texts["Model SHA-256"] == modelHash, texts["Gallery key"] == nil,
        texts["Title"]?.hasPrefix(methods) == true
      {
        if photographs.isIn(texts) { return }
        other = ", of another photograph"
      }
    case .foreign: break
    }
    throw OccupiedError(file: path, occupant: occupant.description + other)
  }

  /// The path of a result.
  ///
  /// - Parameters:
  ///   - name: The file's name without extension.
  ///   - format: What it holds.
  /// - Returns: The path, from the working directory.
  func path(_ name: String, _ format: MapOptions.Format) -> String {
    let file = "\(name).\(format.rawValue)"
    guard let output else { return "outputs/\(file)" }
    guard isFolder else { return output }
    return output.hasSuffix("/") ? output + file : "\(output)/\(file)"
  }
}
