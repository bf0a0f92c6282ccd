import Foundation
import Imaging
import Tensors
import TestSupport
import Testing

@testable import Training

@Suite("Data to train with")
struct DataTests {
  @Test("comes from folders of classes, every tenth for validation")
  func folders() throws {
    let folder = try TemporaryFolder()
    for (name, color) in [
      ("red", Color(red: 200, green: 10, blue: 20)), ("blue", Color(red: 0, green: 0, blue: 255)),
    ] {
      for i in 0..<20 {
        try Picture(width: 6, height: 5, filledWith: color).write(
          to: "\(folder.path)/\(name)/\(i).png")
      }
    }
    let data = try TrainingData(contentsOf: folder.path, threads: 2)
    #expect(data.classes == ["blue", "red"])
    #expect(data.training.shape == [3, 5, 6])
    #expect(data.training.count == 36 && data.validation.count == 4)
    #expect(data.validation.labels == [0, 0, 1, 1])
    let last = data.training.pictures([35])
    #expect(isByte(200, last[0, 0, 4, 5]) && isByte(20, last[0, 2, 0, 0]))
  }

  @Test("comes from train and val, scaled to a size")
  func trainAndValidation() throws {
    let folder = try TemporaryFolder()
    for part in ["train", "val"] {
      for name in ["a", "b"] {
        try Picture(width: 12, height: 8, filledWith: .white)
          .write(to: "\(folder.path)/\(part)/\(name)/1.png")
      }
    }
    let data = try TrainingData(contentsOf: folder.path, size: (4, 4), threads: 1)
    #expect(data.training.shape == [3, 4, 4] && data.validation.count == 2)
    try Picture(width: 4, height: 4, filledWith: .white)
      .write(to: "\(folder.path)/val/unknown/1.png")
    #expect(throws: TrainingError.self) { try TrainingData(contentsOf: folder.path, threads: 1) }
  }

  @Test("comes from MNIST's files")
  func mnist() throws {
    let folder = try TemporaryFolder()
    for part in ["train", "t10k"] {
      let count: UInt8 = part == "train" ? 3 : 2
      try folder.file(
        "\(part)-images-idx3-ubyte",
        [0, 0, 8, 3, 0, 0, 0, count, 0, 0, 0, 2, 0, 0, 0, 3] + (0..<count * 6).map { $0 * 10 })
      try folder.file(
        "\(part)-labels-idx1-ubyte", [0, 0, 8, 1, 0, 0, 0, count] + (0..<count).map { 2 - $0 })
    }
    let data = try TrainingData(contentsOf: folder.path, threads: 1)
    #expect(data.classes == ["0", "1", "2"])
    #expect(data.training.labels == [2, 1, 0] && data.validation.labels == [2, 1])
    #expect(data.training.shape == [1, 2, 3])
    #expect(isByte(110, data.training.pictures([1])[0, 0, 1, 2]))
    try folder.file("train-images-idx3-ubyte", [0, 0, 8, 3, 0, 0, 0, 9])
    #expect(throws: TrainingError.self) { try TrainingData(contentsOf: folder.path, threads: 1) }
  }

  @Test("comes from CIFAR-10's files")
  func cifar() throws {
    let folder = try TemporaryFolder()
    func records(_ labels: [UInt8]) -> [UInt8] {
      labels.flatMap { [$0] + [UInt8](repeating: 50 + $0, count: 3072) }
    }
    try folder.file("data_batch_1.bin", records([3, 9]))
    try folder.file("data_batch_2.bin", records([1]))
    try folder.file("test_batch.bin", records([7]))
    let data = try TrainingData(contentsOf: folder.path, threads: 1)
    #expect(data.training.labels == [3, 9, 1] && data.validation.labels == [7])
    #expect(data.classes[3] == "cat")
    #expect(isByte(51, data.training.pictures([2])[0, 2, 31, 31]))
    try folder.file("data_batch_1.bin", [1, 2, 3])
    #expect(throws: TrainingError.self) { try TrainingData(contentsOf: folder.path, threads: 1) }
  }

  @Test("knows mean and deviation of its channels")
  func moments() {
    let set = PictureSet(shape: [2, 1, 2], bytes: [0, 255, 51, 51], labels: [0])
    #expect(
      set.moments() == ChannelMoments(mean: [0.5, 0.2], standardDeviation: [0.5, 0.001]))
  }

  @Test("is shifted by reflection and mirrored")
  func augmentation() {
    let bytes = (0..<15).map { UInt8($0) }
    var seen = Set<[Int]>()
    for seed in 0..<200 {
      var random = SplitMix64(seed: UInt64(seed))
      var result = [Float](repeating: 0, count: 15)
      TrainingAugmentation(mirrors: true, shift: 1, brightness: 0, color: 0)
        .apply(to: bytes, shape: [1, 3, 5], into: &result, using: &random)
      seen.insert(result.map { Int(($0 * 255).rounded()) })
    }
    #expect(seen.count == 2 * 3 * 3)
    #expect(seen.contains(bytes.map(Int.init)))
    #expect(seen.contains([4, 3, 2, 1, 0, 9, 8, 7, 6, 5, 14, 13, 12, 11, 10]))
    // One down, one to the right: −1 shows 1.
    #expect(seen.contains([6, 5, 6, 7, 8, 1, 0, 1, 2, 3, 6, 5, 6, 7, 8]))
  }
}

/// Whether a scalar is a byte over 255; the reciprocal's rounding may show in the last place.
private func isByte(_ byte: Int, _ scalar: Float) -> Bool {
  abs(scalar - Float(byte) / 255) < 1e-7
}
