import Foundation
import Imaging
import Tensors
import Testing

@Suite struct PrecisionOptionTests {
  @Test(
    "A picture says in which precision it was made, and so does its command",
    .enabled(if: Precision.bfloat16.isSupported, "this processor does not multiply bfloat16"))
  func record() throws {
    try inEmptyFolder { folder in
      try writeSmallModel(to: folder.appending(path: "net.onnx"))
      for precision in Precision.allCases {
        let run = try visualize(
          "--model", "net.onnx", "--unit", "dog", "--steps", "2", "--precision", precision.rawValue,
          "--output", "\(precision).png", in: folder)
        #expect(run.status == 0, "\(run.errors)")
        let texts = try PNGText.texts(inFileAt: "\(folder.path)/\(precision).png")
        let said = texts.first { $0.keyword == "Precision" }?.text
        #expect(said == (precision == .bfloat16 ? "bfloat16" : nil))
        let command = texts.first { $0.keyword == "Command" }?.text ?? ""
        #expect(command.contains("--precision \(precision.rawValue)"))
      }
    }
  }

  @Test("Another precision is refused, with those that there are")
  func refused() throws {
    try inEmptyFolder { folder in
      try writeSmallModel(to: folder.appending(path: "net.onnx"))
      let run = try visualize(
        "--model", "net.onnx", "--unit", "dog", "--precision", "float16", in: folder)
      #expect(run.status == 64)
      #expect(run.errors.contains("float32") && run.errors.contains("bfloat16"))
    }
  }
}
