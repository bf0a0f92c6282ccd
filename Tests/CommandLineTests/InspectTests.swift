import Foundation
import Testing

@Suite struct InspectTests {
  @Test func itFitsTheTerminal() throws {
    try inEmptyFolder { folder in
      let run = try visualize("inspect", in: folder)
      #expect(run.status == 0)
      #expect(run.errors.isEmpty)
      for line in run.output.split(separator: "\n") { #expect(line.count < 80, "\(line)") }
      for text in ["everyday64-robust.onnx", "RGB in 0…1", "stage3.1.relu1", "128×16×16", "71: "] {
        #expect(run.output.contains(text))
      }
    }
  }

  @Test func shapesAndCostFollowTheSize() throws {
    try inEmptyFolder { folder in
      try writeSmallModel(to: folder.appending(path: "net.onnx"))
      let run = try visualize("inspect", "net.onnx", "--size", "12x10", in: folder)
      #expect(run.output.contains("4×8×10"))
      // 4·8·10 outputs of 27 products, and 5 of 4.
      #expect(run.output.contains("8.66 k multiply-adds"))
      #expect(
        try visualize("inspect", "net.onnx", "--units", in: folder).output.hasPrefix(
          "0\tcat, house cat\n1\tdog\n"))
    }
  }

  @Test func itLooksIntoWhatCannotBeRun() throws {
    try inEmptyFolder { folder in
      try writeSmallModel(to: folder.appending(path: "odd.onnx"), operators: ["Bogus"])
      let run = try visualize("inspect", "odd.onnx", in: folder)
      #expect(run.status == 0)
      #expect(run.output.contains("unsupported  Bogus 'act0'"))
    }
  }

  @Test func otherProgramsCanReadIt() throws {
    try inEmptyFolder { folder in
      try writeSmallModel(to: folder.appending(path: "net.onnx"))
      let run = try visualize("inspect", "net.onnx", "--json", in: folder)
      let object = try #require(
        try JSONSerialization.jsonObject(with: Data(run.output.utf8)) as? [String: Any])
      #expect(object["logits"] as? Int == 5)
      #expect(object["inputShape"] as? [Int] == [1, 3, 16, 24])
      #expect((object["layers"] as? [Any])?.count == 5)
    }
  }

  @Test("Pictures that the file has as N×H×W×C give the same results")
  func channelsLast() throws {
    try inEmptyFolder { folder in
      try writePicture(to: folder.appending(path: "photo.png"))
      let runs = try [true, false].map { channelsLast in
        try writeSmallModel(to: folder.appending(path: "net.onnx"), channelsLast: channelsLast)
        let inspection = try visualize("inspect", "net.onnx", in: folder)
        #expect(inspection.output.contains("4×14×22"))
        #expect(inspection.output.contains("channels come last") == channelsLast)
        let picture = try visualize(
          "--unit", "dog", "--model", "net.onnx", "--steps", "3", in: folder)
        let saliency = try visualize("saliency", "photo.png", "--model", "net.onnx", in: folder)
        #expect(picture.status == 0 && saliency.status == 0)
        return picture.errors.split(separator: "\n").last.map(String.init) ?? ""
          + saliency.errors
      }
      #expect(runs[0] == runs[1])
    }
  }
}
