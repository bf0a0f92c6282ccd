package import Files
import Foundation
package import Imaging
package import Portraits
import Synchronization

/// Pictures that were made, by what they depend on; the oldest go where there are too many.
///
/// A picture's file is whole or not there. Several programs may use one folder.
public final class PictureCache: Sendable {
  /// The folder.
  public let folder: String
  /// How many bytes it may hold.
  private let limit: Int
  /// How many bytes it holds, as far as is known; nil: not counted yet.
  private let size = Mutex(Int?.none)

  /// Creates a cache; nothing is written yet.
  ///
  /// - Parameters:
  ///   - folder: The folder; it is made where there is something to keep.
  ///   - limit: How many bytes it may hold.
  public init(folder: String, limit: Int = 2 << 30) {
    (self.folder, self.limit) = (folder, limit)
  }

  /// What a picture's file is called.
  ///
  /// - Parameter key: Everything that the picture depends on.
  /// - Returns: 32 hexadecimal digits.
  package static func name(of key: String) -> String {
    String(SHA256.hexadecimal(Data(key.utf8)).prefix(32))
  }

  /// Whether a name is one of `name(of:)`.
  package static func isName(_ name: String) -> Bool {
    name.utf8.count == 32
      && name.utf8.allSatisfy { (48...57).contains($0) || (97...102).contains($0) }
  }

  /// The path of a file.
  package func path(_ name: String, _ suffix: String = "png") -> String {
    "\(folder)/\(name.prefix(2))/\(name).\(suffix)"
  }

  /// Whether there is a file.
  package func has(_ name: String, _ suffix: String = "png") -> Bool {
    FileManager.default.fileExists(atPath: path(name, suffix))
  }

  /// The bytes of a file; nil: there is none.
  ///
  /// - Throws: `FileError` where it cannot be read.
  package func bytes(_ name: String, _ suffix: String = "png") throws(FileError) -> [UInt8]? {
    guard has(name, suffix) else { return nil }
    return try readFile(at: path(name, suffix))
  }

  /// A picture that was made already, with the texts that its file is to have here; nil: nobody has made it.
  ///
  /// - Parameters:
  ///   - key: Everything that it depends on.
  ///   - texts: What the file is to say, but for the key, given what is known of the picture.
  /// - Returns: What is known of it, and the file.
  /// - Throws: What `texts` throws, and `ImagingError` for a file that is damaged.
  package func picture(
    of key: String, texts: (PortraitRecord) throws -> [PNGText]
  ) throws -> (record: PortraitRecord, file: [UInt8])? {
    let name = Self.name(of: key)
    // Another program may make room while this one reads.
    guard has(name), let record = PortraitRecord(inFileAt: path(name), key: key),
      let bytes = try? bytes(name)
    else { return nil }
    return (record, try PNGText.replaced(by: texts(record), in: bytes, named: path(name)))
  }

  /// Keeps a picture that was made, then stores it where it was asked for; where there may be room for one of the two
  /// only, it is stored.
  ///
  /// - Throws: What `store` throws the second time; the picture is kept then.
  package func keepIfPossible(
    _ bytes: [UInt8], as name: String, storing store: () throws -> Void
  ) throws {
    // Where there is no room for it, it is made again for whoever else wants it.
    try? keep(bytes, as: name)
    do {
      try store()
    } catch is FileError {
      try? removeFile(path(name))
      do {
        try store()
      } catch {
        try? keep(bytes, as: name)
        throw error
      }
    }
  }

  /// Keeps a file.
  ///
  /// - Throws: `FileError` where it cannot be written.
  package func keep(_ bytes: [UInt8], as name: String, _ suffix: String = "png") throws {
    try writeAtomically(bytes, to: path(name, suffix))
    size.withLock { size in
      let total = (size ?? sizes().reduce(0) { $0 + $1.bytes } - bytes.count) + bytes.count
      size = total > limit ? shrunk() : total
    }
  }

  private struct File {
    let path: String
    let bytes: Int
    let date: Date
  }

  /// The files that this program keeps here; whatever else lies in the folder is left alone.
  private func sizes() -> [File] {
    let keys: [URLResourceKey] = [.fileSizeKey, .contentModificationDateKey, .isRegularFileKey]
    let files = FileManager.default.enumerator(
      at: URL(filePath: folder), includingPropertiesForKeys: keys)
    return (files?.allObjects ?? []).compactMap { url in
      guard let url = url as? URL, let values = try? url.resourceValues(forKeys: Set(keys)),
        values.isRegularFile == true, Self.isName(url.deletingPathExtension().lastPathComponent)
      else { return nil }
      return File(
        path: url.path, bytes: values.fileSize ?? 0,
        date: values.contentModificationDate ?? .distantPast)
    }
  }

  /// Removes the oldest files until three quarters are left.
  ///
  /// - Returns: The bytes that are left.
  private func shrunk() -> Int {
    let files = sizes().sorted { $0.date < $1.date }
    var left = files.reduce(0) { $0 + $1.bytes }
    for file in files where left > limit / 4 * 3 {
      // Another program may have been faster.
      try? FileManager.default.removeItem(atPath: file.path)
      left -= file.bytes
    }
    return left
  }
}
