import Attribution
import Explanations
import Faithfulness
import Files
import Foundation
import Imaging
import Networks
import Testing

@testable import visualize

@Suite struct EvaluateTests {
  @Test func itRanksMethodsAndWritesThreeFiles() throws {
    try inEmptyFolder { folder in
      try writeSmallModel(to: folder.appending(path: "net.onnx"))
      try writePicture(to: folder.appending(path: "cat.png"))
      let run = try visualize(
        "evaluate", "cat.png", "-m", "net.onnx", "--methods", "saliency,grad-cam,occlusion",
        "--output", "found", in: folder)
      #expect(run.status == 0, "\(run.errors)")
      let lines = run.output.split(separator: "\n", omittingEmptySubsequences: false)
      #expect(lines.allSatisfy { $0.count <= 80 })
      #expect(lines[0].hasPrefix("method ") && lines[0].contains("   del↓   ins↑  ROAD↑"))
      for method in ["saliency", "grad-cam", "occlusion"] {
        #expect(lines.contains { $0.hasPrefix(method) })
      }
      #expect(run.output.contains("Methods stand in the order of their mean"))
      #expect(
        run.output.hasSuffix("found/evaluation.csv\nfound/evaluation.json\nfound/evaluation.html\n")
      )
      #expect(run.errors.contains("cat.png: ") && !run.output.contains("\u{1B}"))
      let csv = try text("found/evaluation.csv", in: folder)
      #expect(csv.hasPrefix("picture,unit,method,measure,value,standard_error,kept,of,absent\r\n"))
      #expect(csv.contains("cat.png,") && csv.contains(",grad-cam,road,"))
      #expect(try text("found/evaluation.json", in: folder).contains("\"mean_rank\""))
      let page = try text("found/evaluation.html", in: folder)
      #expect(page.contains("data:image/png;base64,") && !page.contains("src=\"http"))
    }
  }

  @Test func aMethodThatIsAnotherHereIsSaidToBe() throws {
    try inEmptyFolder { folder in
      try writeSmallModel(to: folder.appending(path: "smooth.onnx"), operators: ["Sigmoid"])
      try writeSmallModel(to: folder.appending(path: "net.onnx"))
      try writePicture(to: folder.appending(path: "cat.png"))
      let run = try visualize(
        "evaluate", "cat.png", "-m", "smooth.onnx", "--methods", "guided-backprop,occlusion",
        "--measures", "deletion", "--output", "found", in: folder)
      #expect(run.status == 0, "\(run.errors)")
      let table = run.words
      #expect(table.contains("plainer method's: guided-backprop (gradient)."), "\(run.output)")
      let page = try text("found/evaluation.html", in: folder)
      #expect(page.contains("guided-backprop (gradient)."))
      #expect(
        try text("found/evaluation.json", in: folder).contains("\"same_as\" : \"gradient\""))
      for (model, isSaid) in [("smooth.onnx", true), ("net.onnx", false)] {
        let map = try visualize(
          "saliency", "cat.png", "-m", model, "--method", "deconvolution", "--output", "map.png",
          "--force", in: folder)
        #expect(map.status == 0, "\(map.errors)")
        let said = map.errorWords
        #expect(said.contains("the same numbers as those of gradient here, but for how") == isSaid)
      }
    }
  }

  @Test func severalUnitsAreMeasuredEach() throws {
    try inEmptyFolder { folder in
      try writeSmallModel(to: folder.appending(path: "net.onnx"))
      try writePicture(to: folder.appending(path: "cat.png"))
      let run = try visualize(
        "evaluate", "cat.png", "-m", "net.onnx", "--unit", "dog", "--unit", "conv:0-1",
        "--methods", "saliency", "--measures", "deletion", in: folder)
      #expect(run.status == 0, "\(run.errors)")
      let csv = try text("outputs/evaluation/evaluation.csv", in: folder)
      for unit in ["dog", "conv:0", "conv:1"] {
        #expect(csv.contains("cat.png for \(unit),\(unit),saliency,deletion,"), "\(csv)")
      }
      let wrong = try visualize(
        "evaluate", "cat.png", "-m", "net.onnx", "--unit", "conv:1-0", in: folder)
      #expect(wrong.status == 1 && wrong.errors.contains("runs backwards; write 0-1"))
    }
  }

  @Test func brokenPicturesAreNamedAndTheRestIsMeasured() throws {
    try inEmptyFolder { folder in
      try writeSmallModel(to: folder.appending(path: "net.onnx"))
      try FileManager.default.createDirectory(
        at: folder.appending(path: "photographs"), withIntermediateDirectories: true)
      try writePicture(to: folder.appending(path: "photographs/b.png"))
      try Data("no picture".utf8).write(to: folder.appending(path: "photographs/a.jpg"))
      let run = try visualize(
        "evaluate", "photographs", "-m", "net.onnx", "--methods", "saliency,occlusion",
        "--measures", "deletion,sparseness", in: folder)
      #expect(run.status == 1)
      #expect(run.errors.contains("photographs/a.jpg"))
      #expect(run.output.contains("outputs/evaluation/evaluation.csv"))
      #expect(try text("outputs/evaluation/evaluation.csv", in: folder).contains("b.png"))
    }
  }

  @Test(arguments: [
    (["--methods", "salency"], "did you mean saliency"),
    (["--measures", "deletoin"], "did you mean deletion"),
    (["--methods", ","], "no method"),
    (["--measures", ","], "no measure"),
  ])
  func wrongNamesAreWrongUse(_ options: [String], _ said: String) throws {
    try inEmptyFolder { folder in
      let run = try run(program(), ["evaluate", "cat.png"] + options, in: folder)
      #expect(run.status == 64 && run.errors.contains(said), "\(run.errors)")
    }
  }

  @Test func theUsualMethodsAreThere() throws {
    let names =
      EvaluateCommand.usualMethods + EvaluateCommand.ofRectifiers + EvaluateCommand.ofAttention
    for name in names { _ = try Attribution.RegisteredMethod.named(name) }
  }

  @Test func theSameCommandGivesTheSameFilesOnAnyThreads() throws {
    try inEmptyFolder { folder in
      try writeSmallModel(to: folder.appending(path: "net.onnx"))
      try writePicture(to: folder.appending(path: "cat.png"))
      for threads in ["1", "2"] {
        let run = try visualize(
          "evaluate", "cat.png", "-m", "net.onnx", "--methods", "smoothgrad,grad-cam", "--unit",
          "dog", "--threads", threads, "--output", threads, in: folder)
        #expect(run.status == 0, "\(run.errors)")
      }
      for name in ["evaluation.csv", "evaluation.json", "evaluation.html"] {
        #expect(try text("1/\(name)", in: folder) == text("2/\(name)", in: folder))
      }
    }
  }

  @Test func whatIsMeasuredIsWrittenMeasureByMeasure() throws {
    try inEmptyFolder { folder in
      try writePicture(to: folder.appending(path: "cat.png"))
      let run = try RunningProgram(
        ["evaluate", "cat.png", "--methods", "occlusion,saliency"], in: folder)
      try run.wait { results(in: folder).contains("outputs/evaluation/evaluation.html") }
      #expect(run.end(by: SIGTERM).signal == SIGTERM)
      #expect(run.said.contains("Stopped in cat.png; what was measured is written."))
      let csv = try text("outputs/evaluation/evaluation.csv", in: folder)
      #expect(csv.contains(",occlusion,deletion,") && csv.contains(",saliency,deletion,"))
    }
  }

  @Test("output that cannot be written ends the run; no picture is blamed")
  func outputIsLost() throws {
    try inEmptyFolder { folder in
      try writeSmallModel(to: folder.appending(path: "net.onnx"))
      try writePicture(to: folder.appending(path: "cat.png"))
      try Data().write(to: folder.appending(path: "taken"))
      let network = try Network(contentsOf: folder.appending(path: "net.onnx").path)
      let run = try EvaluationRun(
        files: [folder.appending(path: "cat.png").path], units: ["dog"],
        explainer: Explainer(network, threads: 1),
        evaluator: Evaluator(methods: [.named("saliency")], measures: [.named("sparseness")]),
        seed: 0, folder: folder.appending(path: "taken/results").path, areNamed: true)
      let error = try #require(throws: FileError.self) { try run.run() }
      #expect("\(error)".contains("cannot write") && run.isWhole)
    }
  }

  @Test func aFolderThatCannotBeWrittenIsRefusedFirst() throws {
    try inEmptyFolder { folder in
      try Data().write(to: folder.appending(path: "taken"))
      let run = try run(
        program(), ["evaluate", "none.png", "--model", "none.onnx", "--output", "taken/results"],
        in: folder)
      #expect(run.status == 1)
      #expect(run.errors.contains("taken is a file, not a folder"), "\(run.errors)")
      #expect(!run.errors.contains("none"))
    }
  }

  private func text(_ name: String, in folder: URL) throws -> String {
    try String(contentsOf: folder.appending(path: name), encoding: .utf8)
  }
}
