import Files
import Foundation
import Imaging
import Networks
import Portraits

/// Pictures of the way to a picture: numbered files in a folder, one animated file, or both.
final class Frames {
  private let folder: String?
  private let animationPath: String?
  private let force: Bool
  private var animation: AnimatedPNG?
  private var count = 0

  /// How long an animation shows each picture, in milliseconds.
  private static let milliseconds = 100

  init(folder: String?, animation: String?, force: Bool) {
    (self.folder, animationPath, self.force) = (folder, animation, force)
  }

  /// Whether any are wanted.
  var areWanted: Bool { folder != nil || animationPath != nil }

  /// Finds out before the work whether everything can be written, and that nothing is lost or mixed by it.
  ///
  /// - Parameters:
  ///   - title: What is to be seen, as it stands in the files.
  ///   - network: The network.
  /// - Throws: `FileError.unwritable`, `OccupiedError`.
  func check(title: String, by network: Network) throws {
    if let animationPath {
      try PictureOutput.check(animationPath, title: title, by: network, force: force)
    }
    guard let folder else { return }
    try checkWritable(folder: folder)
    if !force, let files = try? FileManager.default.contentsOfDirectory(atPath: folder),
      !files.isEmpty
    {
      throw OccupiedError(file: folder, occupant: "a folder with something in it")
    }
  }

  /// Adds a picture of the way.
  func add(_ picture: Picture, texts: [PNGText]) throws {
    if let folder {
      let digits = String(count)
      let zeros = String(repeating: "0", count: max(0, 5 - digits.count))
      try picture.save(to: "\(folder)/frame-\(zeros)\(digits).png", texts: texts)
    }
    count += 1
    try show(picture)
  }

  /// Adds the last picture and writes the animation, in which it stays for a second more.
  func finish(_ last: Picture, texts: [PNGText]) throws {
    try add(last, texts: texts)
    guard let animationPath else { return }
    for _ in 0..<1000 / Self.milliseconds { try show(last) }
    if let animation { try writeAtomically(animation.png(texts: texts), to: animationPath) }
  }

  private func show(_ picture: Picture) throws {
    guard animationPath != nil else { return }
    if animation == nil {
      animation = AnimatedPNG(
        width: picture.width, height: picture.height, milliseconds: Self.milliseconds)
    }
    try animation?.append(picture)
  }
}
