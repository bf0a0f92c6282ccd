import Blocks
import Foundation
import Tensors

extension TrainingData {
  private static let cifarClasses = [
    "airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck",
  ]

  /// Data in MNIST's or CIFAR-10's binary format; `nil` if there is none at the path.
  static func binary(at path: String) throws -> TrainingData? {
    var isFolder: ObjCBool = false
    guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else { return nil }
    guard isFolder.boolValue else { return try split(file(path)) }
    let names = try FileManager.default.contentsOfDirectory(atPath: path).sorted()
    func full(_ name: String) -> String { "\(path)/\(name)" }
    let batches = names.filter { $0.hasPrefix("data_batch") && $0.hasSuffix(".bin") }
    if !batches.isEmpty {
      let training = try joined(batches.map { try cifar(full($0)) })
      guard names.contains("test_batch.bin") else { return split((cifarClasses, training)) }
      return TrainingData(
        classes: cifarClasses, training: training, validation: try cifar(full("test_batch.bin")))
    }
    let images = names.filter { $0.contains("images") && $0.hasSuffix("ubyte") }
    guard let first = images.first(where: { $0.hasPrefix("train") }) ?? images.first else {
      return nil
    }
    let training = try mnist(full(first))
    guard let test = images.first(where: { $0 != first }) else { return split(training) }
    return TrainingData(
      classes: training.classes, training: training.set, validation: try mnist(full(test)).set)
  }

  private static func file(_ path: String) throws -> (classes: [String], set: PictureSet) {
    if path.hasSuffix(".bin") { return (cifarClasses, try cifar(path)) }
    return try mnist(path)
  }

  /// Keeps every tenth picture of a class for validation.
  private static func split(_ all: (classes: [String], set: PictureSet)) -> TrainingData {
    let held = heldBack(labels: all.set.labels)
    return TrainingData(
      classes: all.classes,
      training: all.set.selecting(held.indices.filter { !held[$0] }),
      validation: all.set.selecting(held.indices.filter { held[$0] }))
  }

  private static func joined(_ sets: [PictureSet]) -> PictureSet {
    PictureSet(
      shape: sets[0].shape, bytes: sets.flatMap(\.bytes), labels: sets.flatMap(\.labels))
  }

  /// CIFAR-10: a byte for the class, then 3 planes of 32×32.
  private static func cifar(_ path: String) throws -> PictureSet {
    let bytes = try contents(of: path)
    let size = 1 + 3 * 32 * 32
    guard !bytes.isEmpty, bytes.count.isMultiple(of: size) else {
      throw TrainingError.data(path, reason: "it is no file of CIFAR-10: \(bytes.count) bytes")
    }
    let count = bytes.count / size
    let labels = (0..<count).map { Int(bytes[$0 * size]) }
    guard let greatest = labels.max(), greatest < 10 else {
      throw TrainingError.data(path, reason: "it is no file of CIFAR-10: a class beyond 9")
    }
    return PictureSet(
      shape: [3, 32, 32],
      bytes: (0..<count).flatMap { bytes[$0 * size + 1..<($0 + 1) * size] }, labels: labels)
  }

  /// MNIST: images and labels in two files, dimensions at the start of each.
  private static func mnist(_ path: String) throws -> (classes: [String], set: PictureSet) {
    let other = path.replacing("images", with: "labels").replacing("idx3", with: "idx1")
    guard other != path else {
      throw TrainingError.data(
        path, reason: "it is neither a folder nor a file …-images-idx3-ubyte or ….bin")
    }
    let images = try idx(path, axes: 3)
    let labels = try idx(other, axes: 1)
    guard images.dims[0] == labels.dims[0], images.dims[0] > 0 else {
      throw TrainingError.data(
        path, reason: "\(images.dims[0]) pictures, but \(labels.dims[0]) labels")
    }
    let classes = Int(labels.bytes.max() ?? 0) + 1
    return (
      (0..<classes).map(String.init),
      PictureSet(
        shape: [1, images.dims[1], images.dims[2]], bytes: Array(images.bytes),
        labels: labels.bytes.map(Int.init))
    )
  }

  private static func idx(
    _ path: String, axes: Int
  ) throws -> (dims: [Int], bytes: ArraySlice<UInt8>) {
    let bytes = try contents(of: path)
    let header = 4 + 4 * axes
    guard bytes.count >= header, bytes[0] == 0, bytes[1] == 0, bytes[2] == 8, bytes[3] == axes
    else { throw TrainingError.data(path, reason: "it is no idx file of bytes with \(axes) axes") }
    let dims = (0..<axes).map { axis in
      (0..<4).reduce(0) { $0 << 8 | Int(bytes[4 + 4 * axis + $1]) }
    }
    let (count, overflow) = dims.reduce((1, false)) { product, extent in
      let (value, over) = product.0.multipliedReportingOverflow(by: extent)
      return (value, product.1 || over)
    }
    guard !overflow, bytes.count - header == count else {
      throw TrainingError.data(path, reason: "it should hold \(dims) bytes and does not")
    }
    return (dims, bytes[header...])
  }

  private static func contents(of path: String) throws -> [UInt8] {
    guard let data = FileManager.default.contents(atPath: path) else {
      throw TrainingError.data(path, reason: "it cannot be read; check the path")
    }
    return Array(data)
  }
}
