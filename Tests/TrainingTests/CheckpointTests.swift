import Files
import Foundation
import Imaging
import Tensors
import TestSupport
import Testing

@testable import Training

/// What a training goes on from, and what it refuses.
@Suite struct CheckpointTests {
  private func trainer(
    _ data: TrainingData = easyData(each: 16), program: String = "visualize 1",
    _ change: (inout TrainingSettings) -> Void = { _ in }
  ) throws -> Trainer {
    var settings = quickSettings()
    settings.epochs = 3
    change(&settings)
    return try Trainer(Architecture("mlp:8"), data: data, settings: settings, program: program)
  }

  /// Does something with the checkpoints of two epochs, and the bytes of a training in one go.
  private func afterTwoEpochs(
    _ body: (_ path: String, _ whole: [UInt8], _ folder: TemporaryFolder) throws -> Void
  ) throws {
    let whole = try trainer()
    try whole.run()
    let folder = try TemporaryFolder()
    let path = "\(folder.path)/c"
    let first = try trainer()
    try first.run(
      shouldStop: { first.history.count == 2 },
      epochDone: { _ in try first.saveCheckpoint(to: path) })
    try body(path, whole.checkpoint(), folder)
    withExtendedLifetime(folder) {}
  }

  @Test func aFlippedBitAnywhereIsNoticedAndTheOneBeforeIsTaken() throws {
    try afterTwoEpochs { path, whole, folder in
      let bytes = try readFile(at: path)
      #expect(try folder.files.keys.sorted() == ["c", "c.older"])
      for place in stride(from: 0, to: bytes.count, by: bytes.count / 50) {
        var damaged = bytes
        damaged[place] ^= 1 << UInt8(place % 8)
        try writeAtomically(damaged, to: path)
        let trainer = try trainer()
        let note = try #require(try trainer.resume(from: path))
        #expect(note.contains("c.older, is taken"))
        #expect(trainer.history.count == 1)
      }
      let trainer = try trainer()
      #expect(try trainer.resume(from: path) != nil)
      // The next save leaves the good one where it is until the newest is good again.
      let older = try readFile(at: path + ".older")
      try trainer.saveCheckpoint(to: path)
      #expect(try readFile(at: path + ".older") == older)
      try trainer.run()
      #expect(try trainer.checkpoint() == whole)
    }
  }

  @Test func lengthsAndEmptyFilesAreNoticed() throws {
    try afterTwoEpochs { path, _, folder in
      let bytes = try readFile(at: path)
      for other in [[], Array(bytes.prefix(100)), Array(bytes.dropLast()), bytes + [0]] {
        try writeAtomically(other, to: path)
        #expect(try trainer().resume(from: path) != nil)
      }
      try writeAtomically([1, 2, 3], to: path + ".older")
      #expect(throws: TrainingError.self) { try trainer().resume(from: path) }
      try FileManager.default.removeItem(atPath: path)
      #expect(throws: TrainingError.self) { try trainer().resume(from: path) }
      #expect(try folder.files.count == 1)
    }
  }

  @Test func theOneBeforeIsTakenWhereTheNewestIsMissing() throws {
    try afterTwoEpochs { path, whole, _ in
      try FileManager.default.removeItem(atPath: path)
      #expect(Trainer.hasCheckpoint(at: path))
      let trainer = try trainer()
      #expect(try trainer.resume(from: path)?.contains("missing") == true)
      try trainer.run()
      #expect(try trainer.checkpoint() == whole)
      try trainer.saveCheckpoint(to: path)
      try Trainer.removeCheckpoint(at: path)
      #expect(!Trainer.hasCheckpoint(at: path))
    }
  }

  @Test func anotherTrainingIsRefusedAndTheReasonNamed() throws {
    try afterTwoEpochs { path, _, _ in
      func expectRefusal(_ words: String, _ other: () throws -> Trainer) throws {
        let error = #expect(throws: TrainingError.self) { try other().resume(from: path) }
        #expect(error.map { "\($0)".contains(words) } == true, "\(String(describing: error))")
      }
      try expectRefusal("saved by visualize 1, and this is visualize 2") {
        try trainer(program: "visualize 2")
      }
      try expectRefusal("learning rate 0.05 there, 0.06 here") {
        try trainer { $0.learningRate = 0.06 }
      }
      try expectRefusal("epochs 3 there, 4 here") { try trainer { $0.epochs = 4 } }
      try expectRefusal("augmentation shift 1 there, 5 here") {
        try trainer { $0.augmentation.shift = 5 }
      }
      var data = easyData(each: 16)
      data.classes.swapAt(0, 1)
      try expectRefusal("the classes differ: class 0, class 1") { try trainer(data) }
      data = easyData(each: 16)
      var bytes = data.training.bytes
      bytes[7] ^= 1
      data.training = PictureSet(
        shape: data.training.shape, bytes: bytes, labels: data.training.labels)
      try expectRefusal("training pictures have changed") { try trainer(data) }
      data = easyData(each: 16)
      var labels = data.validation.labels
      labels.swapAt(0, 1)
      data.validation = PictureSet(
        shape: data.validation.shape, bytes: data.validation.bytes, labels: labels)
      try expectRefusal("validation pictures have changed") { try trainer(data) }
      try expectRefusal("80 training pictures here and were 64") { try trainer(easyData(each: 20)) }
    }
  }

  @Test(
    "headers that lie, with a checksum that is right, never trap",
    arguments: [
      "step 9223372036854775807", "step -1", "step 1", "count 7", "count -1", "correct 100000",
      "history 3", "history 0", "total 1e999",
    ])
  func hostileHeaders(_ lie: String) throws {
    try afterTwoEpochs { path, _, _ in
      try FileManager.default.removeItem(atPath: path + ".older")
      let trainer = try trainer()
      let size = try trainer.checkpoint().count
      var checkpoint = try Checkpoint(at: path, size: size)
      let words = lie.split(separator: " ")
      let number = Int(words[1]) ?? 0
      switch words[0] {
      case "step": checkpoint.header.step = number
      case "count": checkpoint.header.count = number
      case "correct": checkpoint.header.correct = number
      case "history":
        let one = checkpoint.header.history[0]
        checkpoint.header.history = Array(repeating: one, count: number)
      default: checkpoint.header.total = .greatestFiniteMagnitude * 2
      }
      if checkpoint.header.total.isFinite {
        try writeAtomically(checkpoint.encoded(), to: path)
      } else {
        checkpoint.numbers[checkpoint.numbers.startIndex + 3] = 0x7F
        checkpoint.numbers[checkpoint.numbers.startIndex + 2] = 0xC0
        checkpoint.header.total = 0
        try writeAtomically(checkpoint.encoded(), to: path)
      }
      #expect(throws: TrainingError.self) { try trainer.resume(from: path) }
    }
  }

  @Test func aCheckpointOfTheFirstFormatIsRefused() throws {
    let folder = try TemporaryFolder()
    let path = try folder.file("c", Array("visualize checkpoint 1\n{\"step\":1}\n".utf8))
    let error = #expect(throws: TrainingError.self) { try trainer().resume(from: path) }
    #expect(error.map { "\($0)".contains("its format is another version's") } == true)
  }

  @Test func aDivergedTrainingSaysSoAndWhatToTry() throws {
    let trainer = try trainer { $0.learningRate = 1000 }
    let error = #expect(throws: TrainingError.self) { try trainer.run() }
    #expect(error == .diverged(epoch: trainer.history.count + 1, rate: 100))
    #expect(error?.description.hasPrefix("diverged in epoch 1: try a learning rate of 100") == true)
  }

  @Test func aSpikeMakesThePlotLogarithmic() throws {
    let trainer = try trainer()
    func plot(_ losses: [Double]) -> LinePlot.Scale {
      trainer.history = losses.enumerated().map { epoch, loss in
        EpochRecord(
          epoch: epoch + 1, loss: loss, accuracy: 0, validationLoss: 1, validationAccuracy: 0)
      }
      return trainer.lossScale
    }
    #expect(plot([2, 1, 0.5]) == .linear)
    #expect(plot([2, 783, 0.5]) == .logarithmic)
    // Numbers beyond an integer's are drawn too.
    #expect(plot([2, 1e30, 0.5]) == .logarithmic)
    #expect(try !trainer.plotFile().isEmpty)
  }

  @Test func aStopDuringEvaluationLosesNothing() throws {
    try afterTwoEpochs { path, whole, _ in
      let trainer = try trainer()
      try trainer.resume(from: path)
      // Stops as soon as all steps are done, which is in the evaluation.
      #expect(try !trainer.run(shouldStop: { trainer.step == trainer.totalSteps }))
      #expect(trainer.history.count == 2)
      try trainer.saveCheckpoint(to: path)
      let last = try self.trainer()
      try last.resume(from: path)
      try last.run()
      #expect(try last.checkpoint() == whole)
    }
  }
}
