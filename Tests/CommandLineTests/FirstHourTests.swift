import Foundation
import ONNX
import Testing

/// What people type in their first hour with a model of their own.
@Suite struct FirstHourTests {
  @Test("several units, ranges and quoted labels are one language")
  func units() throws {
    try inEmptyFolder { folder in
      try writeSmallModel(to: folder.appending(path: "net.onnx"))
      func make(_ arguments: String...) throws -> Run {
        try run(program(), arguments + ["--model", "net.onnx", "--steps", "2"], in: folder)
      }
      let range = try make("--unit", "conv:0-1", "--unit", "\"hot dog\"")
      #expect(range.status == 0, "\(range.errors)")
      #expect(
        range.output == "outputs/net/conv-0.png\noutputs/net/conv-1.png\noutputs/net/hot-dog.png\n")
      let all = try make("--unit", "conv:all", "-o", "four")
      #expect(
        all.output.split(separator: "\n").count == 4 && all.output.hasPrefix("four/conv-0.png"))
      let one = try make("--unit", "conv:0-1", "-o", "one.png")
      #expect(one.status == 64 && one.errors.contains("name a folder"))
      let beyond = try make("--unit", "conv:2-9")
      #expect(beyond.status == 1 && beyond.errors.contains("has the channels 0…3, not 9"))
      try writePicture(to: folder.appending(path: "photo.png"))
      let maps = try visualize(
        "saliency", "photo.png", "--model", "net.onnx", "--unit", "conv:0,2", "--method",
        "gradient", in: folder)
      #expect(maps.status == 0 && maps.output.contains("conv-0-conv-2"), "\(maps.errors)")
    }
  }

  @Test("doctor asks a detector for its classes where only its boxes depend on the picture")
  func doctorOfBoxes() throws {
    try inEmptyFolder { folder in
      var graph = GraphProto()
      graph.name = "detector"
      graph.input = [ValueInfoProto("x", [1, 3, 8, 8])]
      graph.output = [ValueInfoProto("y", [-1, 3])]
      graph.initializer = [
        TensorProto(
          TensorData(dims: [2, 3, 1, 1], floats: (0..<6).map { Float($0 % 4) - 1.5 }, name: "w")),
        TensorProto(
          TensorData(dims: [4, 3, 1, 1], floats: (0..<12).map { Float($0 % 5) }, name: "edges")),
        TensorProto(TensorData(dims: [3], integers: [1, 4, 64], name: "four")),
        TensorProto(TensorData(dims: [3], integers: [1, 2, 64], name: "rows")),
        TensorProto(TensorData(dims: [1], integers: [5], name: "most")),
      ]
      graph.node = [
        NodeProto("Conv", ["x", "w"], ["c"], name: "conv"),
        NodeProto("Reshape", ["c", "rows"], ["r"], name: "list"),
        NodeProto("Sigmoid", ["r"], ["s"], name: "scores"),
        NodeProto("Conv", ["x", "edges"], ["e"], name: "edges"),
        NodeProto("Reshape", ["e", "four"], ["f"], name: "rows"),
        NodeProto("Transpose", ["f"], ["boxes"], name: "boxes", AttributeProto("perm", [0, 2, 1])),
        NodeProto("NonMaxSuppression", ["boxes", "s", "most"], ["y"], name: "choice"),
      ]
      try Model(ModelProto(graph: graph)).write(to: folder.appending(path: "net.onnx").path)
      try writePicture(to: folder.appending(path: "photo.png"))
      let run = try visualize("doctor", "net.onnx", "--picture", "photo.png", in: folder)
      let words = run.words
      #expect(run.status == 0, "\(run.errors)")
      #expect(words.contains("how many boxes it has of them depends on the picture"), "\(words)")
      #expect(words.contains("a detector of 2 classes at 64 places"))
      #expect(words.contains(" % class ") && words.contains("--unit 0"))
      #expect(!words.contains("wrong "))
    }
  }

  @Test(
    "doctor says on one screen what is believed, what is guessed, what was seen and what to try")
  func doctor() throws {
    try inEmptyFolder { folder in
      try writeSmallModel(to: folder.appending(path: "net.onnx"), metadata: [])
      try "cat\ndog\nhen\nowl\npig".write(
        to: folder.appending(path: "labels.txt"), atomically: true, encoding: .utf8)
      try writePicture(to: folder.appending(path: "photo.png"))
      let run = try visualize(
        "doctor", "net.onnx", "--picture", "photo.png", "--size", "16", in: folder)
      #expect(run.status == 0, "\(run.errors)")
      for words in [
        "runs         all of it", "guessed      pictures are RGB in 0…1",
        "5, by labels.txt: cat; dog; hen",
        "5 classes", "there and back", "sees", "surest with",
        "visualize --unit cat --model net.onnx",
      ] {
        #expect(run.output.contains(words), "\(words)")
      }
      #expect(run.output.split(separator: "\n").count < 30)
      try writeSmallModel(to: folder.appending(path: "odd.onnx"), operators: ["Bogus"])
      let odd = try visualize("doctor", "odd.onnx", in: folder)
      #expect(odd.status == 1 && odd.output.contains("unsupported  Bogus 'act0'"))
    }
  }

  @Test("what lies around is believed where it fits, and doubted where it does not")
  func surroundings() throws {
    try inEmptyFolder { folder in
      try writeSmallModel(to: folder.appending(path: "net.onnx"), metadata: [])
      func write(_ name: String, _ text: String) throws {
        try text.write(to: folder.appending(path: name), atomically: true, encoding: .utf8)
      }
      try write(
        "preprocessor_config.json",
        #"{"image_mean": [0.5, 0.5, 0.5], "image_std": [1, 1, 1], "size": 20}"#)
      try write("config.json", #"{"id2label": {"0": "a", "1": "b"}}"#)
      let run = try visualize("--unit", "1", "--model", "net.onnx", "--steps", "1", in: folder)
      let said = run.errors.split(separator: "\n").joined(separator: " ")
      #expect(run.status == 0)
      #expect(said.contains("RGB in 0…1 less 0.5, 20×20."), "\(said)")
      #expect(
        said.contains("The labels in")
          && said.contains("are 2, and the network has 5 classes: not believed"))
      try write("wrong.csv", "id,name\n0,a\n1,b\n")
      let wrong = try visualize("inspect", "net.onnx", "--labels", "wrong.csv", in: folder)
      #expect(
        wrong.status == 1
          && wrong.errors.contains("wrong.csv has 2 labels, and the network has 5 classes"))
    }
  }

  @Test("labels that a file carries for another network are said and not believed")
  func ownLabels() throws {
    try inEmptyFolder { folder in
      func said(_ metadata: [(key: String, value: String)]) throws -> String {
        try writeSmallModel(to: folder.appending(path: "net.onnx"), metadata: metadata)
        let run = try visualize("doctor", "net.onnx", "--size", "16", in: folder)
        #expect(run.status == 0, "\(run.errors)")
        return run.words
      }
      func signs(_ count: Int) -> [(key: String, value: String)] {
        [("character", (0..<count).map { "s\($0)" }.joined(separator: "\n") + "\n")]
      }
      for (metadata, words) in [
        ([("labels", "a\nb\nc")], "the labels in the file's metadata are 3"),
        ([("names", "{0: 'a', 1: 'b'}"), ("task", "classify")], "metadata are 2"),
        (signs(6), "the signs in the file's metadata are 6"),
        (signs(2), "the signs in the file's metadata are 2"),
      ] {
        let text = try said(metadata)
        #expect(text.contains(words + ", and the network has 5 classes: not believed"), "\(text)")
        #expect(text.contains("labels none") && !text.contains("--unit a"))
      }
      for (metadata, words) in [
        ([("labels", "a\nb\nc\nd\ne")], "5, by the file: a; b; c"),
        (signs(5), "5, by the file: s0; s1; s2"), (signs(4), "5, by the file: blank; s0; s1"),
        (signs(3), "5, by the file: blank; s0; s1"),
      ] {
        let text = try said(metadata)
        #expect(text.contains(words) && !text.contains("not believed"), "\(text)")
      }
      // What lies beside a file whose own labels are another's is believed where it fits.
      try "p\nq\nr\ns\nt".write(
        to: folder.appending(path: "labels.txt"), atomically: true, encoding: .utf8)
      let text = try said([("labels", "a\nb\nc")])
      #expect(text.contains("5, by labels.txt: p; q; r") && text.contains("not believed"))
    }
  }

  @Test(
    "files of other programs get the lines that export them",
    arguments: [
      ("pt", "torch.onnx.export"), ("h5", "model.export"), ("safetensors", "main_export"),
      ("tflite", "tf2onnx.convert --tflite net.tflite"),
      ("pb", "tf2onnx.convert --graphdef net.pb"),
      ("torchscript", "torch.jit.load(\"net.torchscript\""), ("engine", "export(format=\"onnx\")"),
      ("mlmodel", "convert_coreml"), ("mlpackage", "export(format=\"onnx\")"),
      ("ort", "the ONNX file that it was converted from"),
    ])
  func otherFormats(suffix: String, line: String) throws {
    try inEmptyFolder { folder in
      try Data([1]).write(to: folder.appending(path: "net.\(suffix)"))
      for command in ["inspect", "doctor"] {
        let run = try visualize(command, "net.\(suffix)", in: folder)
        #expect(run.status == 1)
        #expect(run.errors.contains("net.\(suffix) is not ONNX but ") && run.errors.contains(line))
        #expect(run.errors.contains("his exports it:\n\n    "))
        #expect(run.errors.contains("In Python") == run.errors.contains("import "))
      }
    }
  }

  @Test("a network that embeds pictures is not asked for classes, and doctor says what to try")
  func embedder() throws {
    try inEmptyFolder { folder in
      try writeSmallModel(to: folder.appending(path: "net.onnx"), metadata: [], normalizes: true)
      try writePicture(to: folder.appending(path: "cat.png"))
      let facts = try visualize("inspect", "net.onnx", in: folder)
      #expect(facts.output.contains("ends in      an embedding of 5 numbers: no classes"))
      #expect(!facts.output.contains("no labels"))
      let doctor = try visualize("doctor", "net.onnx", "--picture", "cat.png", in: folder)
      #expect(doctor.status == 0)
      for text in [
        "ends in      an embedding of 5 numbers: no classes, and no probabilities", "embeds ",
        "sees         the picture is alike to its mirror image by ", "apart with",
        "visualize --toward PICTURE --model net.onnx",
        "visualize saliency PICTURE --toward PICTURE --model net.onnx",
      ] {
        #expect(doctor.output.contains(text), "\(doctor.output)")
      }
      #expect(!doctor.output.contains("%") && !doctor.output.contains("--unit 0 "))
      #expect(!doctor.output.contains("labels"), "\(doctor.output)")
      for arguments in [
        ["inspect", "net.onnx", "--picture", "cat.png"],
        ["saliency", "cat.png", "--model", "net.onnx"],
        ["evaluate", "cat.png", "--model", "net.onnx"],
        ["accentuate", "cat.png", "--model", "net.onnx"],
      ] {
        let run = try run(program(), arguments, in: folder)
        #expect(run.status == 1 && run.errors.contains("ends in an embedding of 5 numbers"))
        #expect(run.errors.contains("--toward PICTURE") && !run.errors.contains("%"))
      }
      let unit = try visualize(
        "--unit", "3", "--model", "net.onnx", "--steps", "3", "-o", "unit.png", in: folder)
      #expect(unit.status == 0 && !unit.errors.contains("%"), "\(unit.errors)")
      let like = try visualize(
        "--toward", "cat.png", "--model", "net.onnx", "--steps", "3", "-o", "like.png", in: folder)
      #expect(like.status == 0 && like.errors.contains("likeness to cat.png"), "\(like.errors)")
    }
  }

  @Test("a network that is sure of noise is said to be, with the presets that it is not sure with")
  func saturated() throws {
    try inEmptyFolder { folder in
      try writeSmallModel(
        to: folder.appending(path: "net.onnx"), metadata: [("input.range", "0,255000")])
      let run = try visualize("doctor", "net.onnx", in: folder)
      let text = run.output.replacing("\n               ", with: " ")
      #expect(
        text.contains("saturated    it is more than 99.9 % sure of a class for noise"), "\(text)")
      #expect(text.contains("the range of pictures is wrong, as a rule; not so with --preset "))
      #expect(text.contains("--preset none") && !text.contains("--preset caffe"), "\(text)")
    }
  }

  @Test("inputs that are not there are named")
  func feeds() throws {
    try inEmptyFolder { folder in
      try writeSmallModel(to: folder.appending(path: "net.onnx"))
      let unknown = try visualize("inspect", "net.onnx", "--feed", "meta=1", in: folder)
      #expect(
        unknown.status == 1
          && unknown.errors.contains("there is no input 'meta'; the network has picture"))
      let malformed = try visualize("inspect", "net.onnx", "--feed", "meta", in: folder)
      #expect(malformed.status == 64 && malformed.errors.contains("NAME=FILE.npy"))
      let input = try visualize("inspect", "net.onnx", "--input", "mask", in: folder)
      #expect(input.status == 1 && input.errors.contains("there is no input 'mask'"))
    }
  }
}
