import Foundation
import TestSupport
import Testing

@Suite struct VerifyTests {
  @Test(
    arguments: ["resnet-mini", "vgg-mini", "lenet-1x28x28-torchscript", "inception-mini"])
  func recordedCasesAgree(_ name: String) throws {
    try inEmptyFolder { folder in
      // At one point of vgg-mini's integrated gradients a rectifier's input is 0 but for rounding; see
      // AttributionTests.
      let tolerance = name == "vgg-mini" ? "5e-4" : "1e-4"
      let run = try visualize(
        "verify", Recordings.folder("networks/\(name)").path, "--tolerance", tolerance, in: folder)
      #expect(run.status == 0, "\(run.output)")
      #expect(run.errors.isEmpty)
      #expect(run.output.contains("agree within"))
    }
  }

  @Test func whatDoesNotAgreeIsMarked() throws {
    try inEmptyFolder { folder in
      let copy = folder.appending(path: "case")
      try FileManager.default.copyItem(
        at: Recordings.folder("networks/lenet-1x28x28-torchscript"), to: copy)
      let file = copy.appending(path: "gradient_output_3.pb")
      var bytes = try Data(contentsOf: file)
      bytes[bytes.count - 2] ^= 0x40
      try bytes.write(to: file)
      let run = try visualize("verify", "case", in: folder)
      #expect(run.status == 1)
      let marked = run.output.split(separator: "\n").filter { $0.contains("over 1.0e-04") }
      #expect(marked.count == 1)
      #expect(marked.first?.contains("gradient_output_3") == true)
    }
  }

  @Test(
    arguments: [
      #"{"output": 99, "index": [3]}"#, #"{"output": 0, "index": [3, 7]}"#, #"{"output": -1}"#,
      #"{"output": 0, "unit": 9999999}"#, #"{"layer": "c1", "channel": -2}"#,
      #"{"output": 0, "channel": 1, "x": 2, "y": 3}"#, #"{"output": 0, "index": [-1]}"#,
    ])
  func aPlaceThatTheNetworkHasNot(_ place: String) throws {
    try inEmptyFolder { folder in
      let copy = folder.appending(path: "case")
      try FileManager.default.copyItem(
        at: Recordings.folder("networks/lenet-1x28x28-torchscript"), to: copy)
      let text = #"{"gradients": [{"of": \#(place), "file": "gradient_output_3.pb"}]}"#
      try Data(text.utf8).write(to: copy.appending(path: "case.json"))
      let run = try visualize("verify", "case", in: folder)
      #expect(run.status == 1, "\(run.output) \(run.errors)")
      #expect(run.output.contains("cannot be run"))
    }
  }

  @Test func aFolderThatIsNoCase() throws {
    try inEmptyFolder { folder in
      let run = try visualize("verify", "nope", in: folder)
      #expect(run.status == 1)
      #expect(run.output.contains("cannot be run"))
      #expect(run.output.contains("nope/model.onnx"))
    }
  }
}
