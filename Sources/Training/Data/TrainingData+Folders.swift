import Blocks
import Foundation
import Imaging
import Memory
import Synchronization
import Tensors

extension TrainingData {
  /// Reads pictures from a folder or a file.
  ///
  /// - A folder with a folder for each class, PNG and JPEG. Where these are in `train`, validation pictures
  ///   are in `val`, `valid` or `test`; else every tenth picture of a class is kept for validation.
  /// - A folder with MNIST's (`train-images-idx3-ubyte`, …) or CIFAR-10's files (`data_batch_1.bin`, …).
  /// - One file of these; its last tenth is kept for validation.
  ///
  /// - Parameters:
  ///   - path: The folder or file.
  ///   - size: Height and width of the pictures, in pixels; by default that of the first. Others are scaled
  ///     until they cover it, and their middle is taken.
  ///   - threads: How many threads decode.
  /// - Throws: `TrainingError.data` or `ImagingError`, saying what is wrong with which file.
  public init(
    contentsOf path: String, size: (height: Int, width: Int)? = nil,
    threads: Int = 1
  ) throws {
    if let binary = try Self.binary(at: path) {
      self = binary
      return
    }
    let root = URL(filePath: path, directoryHint: .isDirectory)
    let folders = try Self.folders(in: root, named: path)
    if folders.contains("train") {
      guard let other = ["val", "valid", "validation", "test"].first(where: folders.contains) else {
        throw TrainingError.data(path, reason: "beside 'train' there must be 'val'")
      }
      let training = try Self.files(in: root.appending(path: "train"))
      let validation = try Self.files(in: root.appending(path: other))
      let unknown = validation.classes.first { !training.classes.contains($0) }
      if let unknown {
        throw TrainingError.data(
          path, reason: "class '\(unknown)' is in '\(other)' but not in 'train'")
      }
      let shape = try Self.shape(of: training.files, size: size, in: path)
      let numbers = validation.classes.map { training.classes.firstIndex(of: $0) ?? 0 }
      try self.init(
        classes: training.classes,
        training: Self.decode(training.files, shape: shape, threads: threads),
        validation: Self.decode(
          validation.files.map { ($0.path, numbers[$0.label]) }, shape: shape, threads: threads))
    } else {
      let all = try Self.files(in: root)
      let shape = try Self.shape(of: all.files, size: size, in: path)
      let held = Self.heldBack(labels: all.files.map(\.label))
      try self.init(
        classes: all.classes,
        training: Self.decode(
          all.files.indices.filter { !held[$0] }.map { all.files[$0] }, shape: shape,
          threads: threads),
        validation: Self.decode(
          all.files.indices.filter { held[$0] }.map { all.files[$0] }, shape: shape,
          threads: threads))
    }
  }

  /// Every tenth of a class.
  static func heldBack(labels: [Int]) -> [Bool] {
    var seen: [Int: Int] = [:]
    return labels.map { label in
      seen[label, default: 0] += 1
      return (seen[label] ?? 0).isMultiple(of: 10)
    }
  }

  private static func folders(in folder: URL, named path: String) throws -> [String] {
    guard
      let names = try? FileManager.default.contentsOfDirectory(
        at: folder, includingPropertiesForKeys: [.isDirectoryKey])
    else { throw TrainingError.data(path, reason: "there is no such folder") }
    return names.filter { $0.hasDirectoryPath && !$0.lastPathComponent.hasPrefix(".") }
      .map(\.lastPathComponent).sorted()
  }

  private typealias LabelledFile = (path: String, label: Int)

  private static func files(in folder: URL) throws -> (classes: [String], files: [LabelledFile]) {
    let classes = try folders(in: folder, named: folder.path)
    guard classes.count > 1 else {
      throw TrainingError.data(
        folder.path, reason: "there must be a folder for each class, and at least two")
    }
    var files: [LabelledFile] = []
    for (label, name) in classes.enumerated() {
      let inside = try FileManager.default.contentsOfDirectory(
        at: folder.appending(path: name), includingPropertiesForKeys: nil)
      let pictures = inside.filter {
        ["png", "jpg", "jpeg"].contains($0.pathExtension.lowercased())
      }
      guard !pictures.isEmpty else {
        throw TrainingError.data("\(folder.path)/\(name)", reason: "there is no PNG or JPEG in it")
      }
      files += pictures.map(\.path).sorted().map { ($0, label) }
    }
    return (classes, files)
  }

  private static func shape(
    of files: [LabelledFile], size: (height: Int, width: Int)?, in path: String
  ) throws -> Shape {
    if let size { return [3, size.height, size.width] }
    guard let first = files.first else { throw TrainingError.data(path, reason: "it is empty") }
    let picture = try Picture(contentsOf: first.path)
    return [3, picture.height, picture.width]
  }

  private static func decode(
    _ files: [LabelledFile], shape: Shape, threads: Int
  ) throws -> PictureSet {
    // A byte a number, and the floats of what is made of them beside it.
    try MemoryLimit.check(
      bytes: MemoryLimit.product([files.count, shape.count]),
      of: "\(files.count) pictures of \(shape[2])×\(shape[1])")
    let failure = Mutex<(any Error)?>(nil)
    let bytes = [UInt8](unsafeUninitializedCapacity: files.count * shape.count) { bytes, count in
      count = files.count * shape.count
      nonisolated(unsafe) let memory = bytes
      let parts = max(1, min(files.count, 16 * threads))
      DispatchQueue.concurrentPerform(iterations: parts) { part in
        for i in files.count * part / parts..<files.count * (part + 1) / parts {
          do {
            let start = i * shape.count
            try read(files[i].path, shape, into: memory[start..<start + shape.count])
          } catch {
            failure.withLock { $0 = $0 ?? error }
            return
          }
        }
      }
    }
    if let error = failure.withLock({ $0 }) { throw error }
    return PictureSet(shape: shape, bytes: bytes, labels: files.map(\.label))
  }

  private static func read(
    _ path: String, _ shape: Shape, into result: Slice<UnsafeMutableBufferPointer<UInt8>>
  ) throws {
    var picture = try Picture(contentsOf: path)
    let (height, width) = (shape[1], shape[2])
    if picture.width != width || picture.height != height {
      picture = picture.covering(width: width, height: height)
        .centerCropped(width: width, height: height)
    }
    let (plane, result) = (height * width, UnsafeMutableBufferPointer(rebasing: result))
    picture.bytes.withUnsafeBufferPointer { bytes in
      for i in 0..<plane { for c in 0..<3 { result[c * plane + i] = bytes[3 * i + c] } }
    }
  }
}
