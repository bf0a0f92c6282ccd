import Foundation
import ONNX
import Testing

@Suite struct InspectTests {
  @Test func itFitsTheTerminal() throws {
    try inEmptyFolder { folder in
      let run = try visualize("inspect", in: folder)
      #expect(run.status == 0)
      #expect(run.errors.isEmpty)
      for line in run.output.split(separator: "\n") { #expect(line.count < 80, "\(line)") }
      for text in [
        "everyday64-robust.onnx", "RGB in 0…1", "stage3.1.relu1", "128×16×16", "71 classes, ",
      ] {
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

  @Test("what cannot be run stands on the first screen, with what to do")
  func laidOutForOneProcessor() throws {
    try inEmptyFolder { folder in
      var graph = GraphProto()
      graph.name = "blocked"
      graph.input = [ValueInfoProto("x", [1, 3, 8, 8])]
      graph.output = [ValueInfoProto("y", [1, 2])]
      graph.initializer = [
        TensorProto(
          TensorData(dims: [16, 3, 1, 1], floats: [Float](repeating: 1, count: 48), name: "w"))
      ]
      var nodes = [
        NodeProto("Conv", ["x", "w"], ["a"], name: "first"),
        NodeProto("Conv", ["a", "w"], ["b"], name: "second"),
        NodeProto("ReorderOutput", ["b"], ["y"], name: "back"),
      ]
      for place in nodes.indices { nodes[place].domain = "com.microsoft.nchwc" }
      graph.node = nodes
      try Model(ModelProto(graph: graph)).write(to: folder.appending(path: "net.onnx").path)
      for command in ["inspect", "doctor"] {
        let run = try visualize(command, "net.onnx", in: folder)
        let words = run.words
        #expect(
          words.contains(
            "unsupported com.microsoft.nchwc.Conv 'first' and 1 more of com.microsoft.nchwc.Conv, "
              + "com.microsoft.nchwc.ReorderOutput 'back'. ONNX Runtime laid these out for one processor: take the "
              + "file that it was given, or have it save one with graph_optimization_level = ORT_ENABLE_EXTENDED"
          ),
          "\(words)")
        #expect(!words.contains("no classes"))
        #expect(
          command == "doctor"
            || words.contains("ends in not known: nodes before it cannot be run here"))
      }
    }
  }

  @Test("a size that does not fit is listed up to where it does not, with one that does")
  func anotherSize() throws {
    try inEmptyFolder { folder in
      var graph = GraphProto()
      graph.name = "fixed"
      graph.input = [ValueInfoProto("x", [1, 3, 8, 8])]
      graph.output = [ValueInfoProto("y", [1, 2])]
      graph.initializer = [
        TensorProto(
          TensorData(
            dims: [192, 2], floats: (0..<384).map { Float($0 % 7) - 3 }, name: "w"))
      ]
      graph.node = [
        NodeProto("Relu", ["x"], ["rectified"], name: "rectified"),
        NodeProto("Flatten", ["rectified"], ["flat"], name: "flat"),
        NodeProto("Gemm", ["flat", "w"], ["y"], name: "product"),
      ]
      try Model(ModelProto(graph: graph)).write(to: folder.appending(path: "net.onnx").path)
      let run = try visualize("inspect", "net.onnx", "--size", "12", in: folder)
      let words = run.words
      #expect(run.status == 0, "\(run.errors)")
      #expect(words.contains("cannot run") && words.contains("Pictures of 8×8 pixels fit"))
      #expect(words.contains("rectified Relu 3×12×12") && words.contains("flat Flatten 432"))
      #expect(words.contains("product Gemm cannot be run"))
      // Nothing says what its two numbers are.
      let own = try visualize("inspect", "net.onnx", in: folder)
      let said = own.words
      #expect(
        said.contains("ends in 2 classes, nothing after them; nothing says what its 2 numbers are"))
      #expect(said.contains("--ends-in classes, embedding or values"))
      let picture = try visualize(
        "--unit", "1", "--model", "net.onnx", "--steps", "2", "--ends-in", "values", in: folder)
      #expect(picture.status == 0 && picture.errors.contains("value 1: "), "\(picture.errors)")
      #expect(!picture.errors.contains("nothing says what"))
      #expect(picture.output.contains("value-1.png"))
      let guessed = try visualize(
        "--unit", "class 1", "--model", "net.onnx", "--steps", "2", in: folder)
      #expect(guessed.errors.contains("class 1: ") && !guessed.errors.contains("probability"))
      #expect(guessed.errors.contains("Nothing says what its 2 numbers are"))
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

  @Test("a node that refuses its inputs is told, and the others are listed")
  func refused() throws {
    try inEmptyFolder { folder in
      var graph = GraphProto()
      graph.name = "odd"
      graph.input = [ValueInfoProto("x", [1, 3, 8, 8])]
      graph.output = [ValueInfoProto("y", []), ValueInfoProto("kind", [1, 3])]
      graph.initializer = [
        TensorProto(
          TensorData(dims: [1, 20, 4], floats: [Float](repeating: 1, count: 80), name: "w")),
        TensorProto(
          TensorData(dims: [1, 20, 5], floats: [Float](repeating: 1, count: 100), name: "r")),
        TensorProto(TensorData(dims: [3], integers: [48, 1, 4], name: "steps")),
      ]
      var functions = AttributeProto()
      functions.name = "activations"
      functions.type = .strings
      functions.strings = ["Sigmoid", "Tanh", "Nonsense"].map { Data($0.utf8) }
      graph.node = [
        NodeProto("Relu", ["x"], ["relu"], name: "relu"),
        NodeProto("Reshape", ["relu", "steps"], ["row"], name: "row"),
        NodeProto(
          "LSTM", ["row", "w", "r"], ["y"], name: "lstm", AttributeProto("hidden_size", 5),
          functions),
        NodeProto("GlobalAveragePool", ["relu"], ["pool"], name: "pool"),
        NodeProto("Flatten", ["pool"], ["flat"], name: "flat"),
        NodeProto("Softmax", ["flat"], ["kind"], name: "softmax"),
      ]
      try Model(ModelProto(graph: graph)).write(to: folder.appending(path: "odd.onnx").path)
      let run = try visualize("inspect", "odd.onnx", in: folder)
      #expect(run.status == 0, "\(run.errors)")
      #expect(run.output.contains("  cannot run   LSTM 'lstm': "), "\(run.output)")
      #expect(run.output.contains(#/lstm +LSTM +cannot be run/#))
      #expect(
        run.output.contains(#/relu +Relu +3×8×8/#) && run.output.contains(#/flat +Flatten +3/#))
      #expect(run.output.contains("results      y (cannot be run); kind 1×3, a softmax"))
      let json = try visualize("inspect", "odd.onnx", "--json", in: folder)
      let object = try #require(
        try JSONSerialization.jsonObject(with: Data(json.output.utf8)) as? [String: Any])
      #expect((object["misfit"] as? String)?.hasPrefix("LSTM 'lstm'") == true)
      #expect(
        (object["outputs"] as? [[String: Any]])?.map { $0["name"] as? String } == ["y", "kind"])
      // The other result can be asked for.
      let unit = try visualize(
        "--unit", "kind:1", "--model", "odd.onnx", "--steps", "3", "-o", "kind.png", in: folder)
      #expect(unit.status == 0 && unit.errors.contains("channel 1 of flat"), "\(unit.errors)")
      let doctor = try visualize("doctor", "odd.onnx", in: folder)
      for text in ["kind 1×3, a softmax", "runs         kind, of 2", "cannot run   LSTM 'lstm': "] {
        #expect(doctor.output.contains(text), "\(doctor.output)")
      }
    }
  }

  @Test("what takes whole numbers is no picture, and nothing says that it is")
  func wholeNumbers() throws {
    try inEmptyFolder { folder in
      for isCast in [false, true] {
        var graph = GraphProto()
        graph.name = "bytes"
        graph.input = [ValueInfoProto("bytes", [-1, 2048], isCast ? .float : .int32)]
        graph.output = [ValueInfoProto("y", [-1, 2048, 4])]
        graph.initializer = [
          TensorProto(
            TensorData(dims: [257, 4], floats: [Float](repeating: 1, count: 1028), name: "table"))
        ]
        graph.node = [
          NodeProto("Gather", ["table", isCast ? "whole" : "bytes"], ["y"], name: "look up")
        ]
        if isCast {
          graph.node.insert(
            NodeProto("Cast", ["bytes"], ["whole"], name: "cast", AttributeProto("to", 7)), at: 0)
        }
        try Model(ModelProto(graph: graph)).write(to: folder.appending(path: "net.onnx").path)
        let listed = try visualize("inspect", "net.onnx", in: folder)
        #expect(
          listed.status == 0 && listed.output.contains("pictures     none: whole numbers go in"))
        #expect(!listed.output.contains("would be assumed") && !listed.output.contains("a signal"))
        for arguments in [["doctor", "net.onnx"], ["--unit", "look up:1", "--model", "net.onnx"]] {
          let run = try run(program(), arguments, in: folder)
          #expect(run.status == 1, "\(run.errors)")
          #expect(
            run.errors.contains("net.onnx takes no pictures: its input is any×2048, whole numbers"))
        }
      }
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
          "--unit", "dog", "--model", "net.onnx", "--steps", "3", "-o", "\(channelsLast).png",
          in: folder)
        let saliency = try visualize(
          "saliency", "photo.png", "--model", "net.onnx", "-o", "map-\(channelsLast).png",
          in: folder)
        #expect(picture.status == 0 && saliency.status == 0)
        return picture.errors.split(separator: "\n").last.map(String.init) ?? ""
          + saliency.errors
      }
      #expect(runs[0] == runs[1])
    }
  }

  @Test("a network that yields no numbers is neither saturated nor sure")
  func notFinite() throws {
    try inEmptyFolder { folder in
      try writeSmallModel(to: folder.appending(path: "net.onnx"), operators: ["Neg", "Log"])
      try writePicture(to: folder.appending(path: "photo.png"))
      let run = try visualize("inspect", "net.onnx", "--picture", "photo.png", in: folder)
      #expect(run.status == 0 && run.output.contains("numbers that are infinite or not numbers"))
      #expect(run.output.contains("yields no numbers with any of them"))
      #expect(!run.output.contains("saturated") && !run.output.contains("nan"))
      let saliency = try visualize("saliency", "photo.png", "--model", "net.onnx", in: folder)
      #expect(saliency.status == 1 && !saliency.errors.contains("nan"), "\(saliency.errors)")
    }
  }

  @Test func aPictureUnderEachPreset() throws {
    try inEmptyFolder { folder in
      try writeSmallModel(to: folder.appending(path: "net.onnx"))
      try writePicture(to: folder.appending(path: "photo.png"))
      let run = try visualize("inspect", "net.onnx", "--picture", "photo.png", in: folder)
      #expect(run.status == 0)
      for line in run.output.split(separator: "\n") { #expect(line.count < 80, "\(line)") }
      for text in ["own: RGB in 0…1", "imagenet: ", "caffe: BGR", "tf: ", "The network is surest"] {
        #expect(run.output.contains(text), "\(text)")
      }
      // The file's own is that of the preset none.
      #expect(!run.output.contains("none: "))
      // What saliency says of the same picture.
      let saliency = try visualize(
        "saliency", "photo.png", "--model", "net.onnx", "--method", "gradient", in: folder)
      let top = try #require(saliency.errors.split(separator: "\n").first { $0.contains(" %  ") })
      #expect(run.output.contains("  \(top)"))

      let json = try visualize(
        "inspect", "net.onnx", "--picture", "photo.png", "--json", in: folder)
      let object = try #require(
        try JSONSerialization.jsonObject(with: Data(json.output.utf8)) as? [String: Any])
      let trials = try #require(object["trials"] as? [[String: Any]])
      #expect(trials.compactMap { $0["preset"] as? String } == ["own", "imagenet", "caffe", "tf"])
      #expect(trials.count { $0["isLikely"] as? Bool == true } == 1)
      #expect((trials[0]["top"] as? [Any])?.count == 5)
      // What is recommended is what is shown to be the surest.
      let sure = run.output.replacing("\n  ", with: " ").matches(of: /; ([0-9.]+) % sure/)
        .compactMap {
          Double($0.output.1)
        }
      let best = try #require(run.output.firstMatch(of: /surest with [a-z]+: ([0-9.]+) %/))
      #expect(sure.count == 4 && sure.max() == Double(best.output.1))
      let both = try visualize(
        "inspect", "net.onnx", "--picture", "photo.png", "--all", in: folder)
      #expect(both.status == 64)
    }
  }

  @Test func aDeadUnitIsNamed() throws {
    try inEmptyFolder { folder in
      try writeSmallModel(
        to: folder.appending(path: "net.onnx"), operators: ["Relu", "Neg", "Relu"])
      let run = try visualize("--unit", "act2:1", "--model", "net.onnx", "--steps", "3", in: folder)
      #expect(run.errors.contains("Diagnosis: the unit is dead at this picture"))
      #expect(run.errors.contains("act2"))
    }
  }
}
