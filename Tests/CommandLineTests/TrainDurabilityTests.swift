import Foundation
import Imaging
import Testing

/// What a training keeps, whatever ends it, and what it does not replace.
@Suite struct TrainDurabilityTests {
  /// A folder `data` of two classes, 20 noisy pictures of 16×16 each.
  private func inData(_ body: (URL) throws -> Void) throws {
    try inEmptyFolder { folder in
      for (name, shift) in [("red", 0), ("blue", 2)] {
        for number in 0..<20 {
          let bytes = (0..<16 * 16 * 3).map { i in
            UInt8((i * 37 + number * 101 + i / 7 * 13) % 128 + (i % 3 == shift ? 100 : 0))
          }
          try Picture(width: 16, height: 16, bytes: bytes).write(
            to: folder.appending(path: "data/\(name)/\(number).png").path)
        }
      }
      try body(folder)
    }
  }

  private static let options = [
    "train", "--data", "data", "--architecture", "cnn:8,16/2", "--epochs", "6", "--output",
    "m.onnx",
  ]

  private func train(_ more: String..., in folder: URL) throws -> Run {
    try run(program(), Self.options + more, in: folder)
  }

  private func result(in folder: URL) throws -> [Data] {
    try ["m.onnx", "m.png"].map { try Data(contentsOf: folder.appending(path: $0)) }
  }

  @Test func killsAtRandomChangeNotOneByte() throws {
    try inData { folder in
      #expect(try train(in: folder).status == 0)
      let whole = try result(in: folder)
      var random = SystemRandomNumberGenerator()
      for name in ["m.onnx", "m.png", "m.svg"] {
        try FileManager.default.removeItem(at: folder.appending(path: name))
      }
      var kills = 0
      for attempt in 0..<40 {
        let run = try RunningProgram(Self.options, in: folder)
        let delay = Double.random(in: 0.02...0.3, using: &random) + Double(attempt) * 0.01
        Thread.sleep(forTimeInterval: delay)
        if run.end(by: attempt.isMultiple(of: 2) ? SIGKILL : SIGTERM).status == 0 { break }
        kills += 1
      }
      #expect(kills > 0)
      #expect(try train(in: folder).status == 0)
      #expect(try result(in: folder) == whole)
      #expect(results(in: folder).filter { !$0.hasPrefix("data") } == ["m.onnx", "m.png", "m.svg"])
    }
  }

  @Test func otherDataAndOtherSettingsAreRefusedAndTheWayOutNamed() throws {
    try inData { folder in
      let run = try RunningProgram(Self.options + ["--epochs", "100000"], in: folder)
      try run.wait { results(in: folder).contains("m.onnx.checkpoint") }
      #expect(run.end(by: SIGINT).signal == SIGINT)
      #expect(run.said.contains("Saved as m.onnx.checkpoint; the same command goes on from there."))
      let other = try train(in: folder)
      #expect(other.status == 1)
      #expect(other.errors.contains("epochs 100000 there, 6 here"), "\(other.errors)")
      #expect(other.errors.contains("--restart begins anew"))
      let data = folder.appending(path: "data")
      for (from, to) in [("red", "x"), ("blue", "red"), ("x", "blue")] {
        try FileManager.default.moveItem(
          at: data.appending(path: from), to: data.appending(path: to))
      }
      let swapped = try train("--epochs", "100000", in: folder)
      #expect(swapped.status == 1)
      #expect(swapped.errors.contains("training pictures have changed"), "\(swapped.errors)")
      #expect(try train("--restart", in: folder).status == 0)
      #expect(results(in: folder).filter { !$0.hasPrefix("data") } == ["m.onnx", "m.png", "m.svg"])
    }
  }

  @Test func aDamagedCheckpointIsSaidAndTheOneBeforeTaken() throws {
    try inData { folder in
      #expect(try train("--epochs", "40", in: folder).status == 0)
      let whole = try result(in: folder)
      for name in ["m.onnx", "m.png", "m.svg"] {
        try FileManager.default.removeItem(at: folder.appending(path: name))
      }
      let run = try RunningProgram(Self.options + ["--epochs", "40"], in: folder)
      try run.wait { results(in: folder).contains("m.onnx.checkpoint.older") }
      try #require(run.end(by: SIGKILL).signal == SIGKILL)
      let path = folder.appending(path: "m.onnx.checkpoint")
      // Between two checkpoints there is only the older one.
      let isThere = FileManager.default.fileExists(atPath: path.path)
      var bytes = try Data(
        contentsOf: isThere ? path : folder.appending(path: "m.onnx.checkpoint.older"))
      bytes[bytes.count / 2] ^= 1
      try bytes.write(to: path)
      let resumed = try train("--epochs", "40", in: folder)
      #expect(resumed.status == 0, "\(resumed.errors)")
      #expect(resumed.errors.contains("its checksum is wrong. The one before it"))
      #expect(try result(in: folder) == whole)
    }
  }

  @Test func aFinishedNetworkIsReplacedByItsOwnTrainingAlone() throws {
    try inData { folder in
      #expect(try train(in: folder).status == 0)
      let first = try result(in: folder)
      #expect(try train(in: folder).status == 0)
      #expect(try result(in: folder) == first)
      let other = try train("--seed", "1", in: folder)
      #expect(other.status == 1 && other.output.isEmpty)
      #expect(other.errors.contains("m.onnx is there already and would be lost"))
      #expect(other.errors.contains("--force"))
      #expect(try result(in: folder) == first)
      #expect(try train("--seed", "1", "--force", in: folder).status == 0)
      #expect(try result(in: folder) != first)
      try FileManager.default.removeItem(at: folder.appending(path: "m.onnx"))
      try writePicture(to: folder.appending(path: "m.png"))
      let photograph = try Data(contentsOf: folder.appending(path: "m.png"))
      #expect(try train(in: folder).status == 1)
      #expect(try Data(contentsOf: folder.appending(path: "m.png")) == photograph)
      try FileManager.default.removeItem(at: folder.appending(path: "m.png"))
      let drawing = try Data(contentsOf: folder.appending(path: "m.svg"))
      #expect(try train(in: folder).errors.contains("m.svg is there already and would be lost"))
      #expect(try Data(contentsOf: folder.appending(path: "m.svg")) == drawing)
    }
  }

  @Test func outputsThatCannotBeWrittenAreFoundOutFirst() throws {
    try inData { folder in
      let before = files(in: folder)
      let run = try run(
        program(), ["train", "--data", "data", "--output", "data/red/0.png/m.onnx"], in: folder)
      #expect(run.status == 1 && run.output.isEmpty)
      #expect(run.errors.contains("data/red/0.png is a file, not a folder"), "\(run.errors)")
      #expect(files(in: folder) == before)
    }
  }

  @Test func aDivergenceKeepsTheLastGoodNetwork() throws {
    try inData { folder in
      // The step size grows slowly enough for some sound epochs.
      let run = try train(
        "--learning-rate", "3000", "--epochs", "60", "--batch", "4", "--architecture", "mlp:8",
        in: folder)
      #expect(run.status == 1)
      #expect(run.errors.contains("diverged in epoch"), "\(run.errors)")
      #expect(run.errors.contains("--learning-rate 300.0"))
      let left = results(in: folder).filter { !$0.hasPrefix("data") && $0 != "m.png" }
      #expect(left.allSatisfy { $0.hasPrefix("m-epoch-") }, "\(left)")
      // Another try is in nobody's way.
      #expect(try train(in: folder).status == 0)
    }
  }

  @Test func twoAtATimeAreKeptApart() throws {
    try inData { folder in
      let first = try RunningProgram(Self.options + ["--epochs", "100000"], in: folder)
      try first.wait { results(in: folder).contains("m.onnx.checkpoint") }
      let second = try train("--epochs", "100000", in: folder)
      #expect(second.status == 1)
      #expect(second.errors.contains("another training is writing it"), "\(second.errors)")
      #expect(first.end(by: SIGTERM).signal == SIGTERM)
    }
  }
}
