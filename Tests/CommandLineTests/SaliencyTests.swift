import Attribution
import Foundation
import Imaging
import Testing

@Suite struct SaliencyTests {
  @Test func itPrintsThePathAlone() throws {
    try inEmptyFolder { folder in
      try writeSmallModel(to: folder.appending(path: "net.onnx"))
      try writePicture(to: folder.appending(path: "cat.png"))
      let run = try visualize("saliency", "cat.png", "--model", "net.onnx", in: folder)
      #expect(run.status == 0)
      #expect(run.output == "outputs/cat-saliency-grad-cam.png\n")
      #expect(run.errors.contains("net.onnx: RGB in 0…1, 24×16, 5 labels."))
      #expect(run.errors.contains(" %  hot dog"))
      #expect(!run.errors.contains("\u{1B}"))
      #expect(files(in: folder).count == 4)
      let panel = try Picture(
        contentsOf: folder.appending(path: "outputs/cat-saliency-grad-cam.png").path)
      #expect(panel.width > 3 * 320)
    }
  }

  @Test(arguments: [([], "smoothgrad"), (["--layer", "conv"], "grad-cam")])
  func aLayerWithoutAMethodIsLookedAtAlsoForAChannel(_ options: [String], _ method: String) throws {
    try inEmptyFolder { folder in
      try writeSmallModel(to: folder.appending(path: "net.onnx"))
      try writePicture(to: folder.appending(path: "cat.png"))
      let run = try run(
        program(), ["saliency", "cat.png", "-m", "net.onnx", "-u", "conv:2"] + options, in: folder)
      #expect(run.status == 0 && run.output.contains("-saliency-\(method)"), "\(run)")
    }
  }

  @Test(arguments: [
    "gradient", "saliency", "input-x-gradient", "smoothgrad", "integrated-gradients",
    "guided-backprop", "deconvolution", "grad-cam", "occlusion",
  ])
  func everyMethodMakesTheSamePictureOnAnyNumberOfThreads(_ method: String) throws {
    try inEmptyFolder { folder in
      try writeSmallModel(to: folder.appending(path: "net.onnx"))
      try writePicture(to: folder.appending(path: "cat.png"))
      var pictures: [Data] = []
      for threads in ["1", "3"] {
        let run = try visualize(
          "saliency", "cat.png", "-m", "net.onnx", "-u", "dog", "--method", method, "--threads",
          threads, "-o", "\(threads).png", in: folder)
        #expect(run.status == 0, "\(run.errors)")
        pictures.append(try Data(contentsOf: folder.appending(path: "\(threads).png")))
      }
      #expect(pictures[0] == pictures[1])
    }
  }

  @Test func theFileSaysHowItWasMade() throws {
    try inEmptyFolder { folder in
      try writeSmallModel(to: folder.appending(path: "net.onnx"))
      try writePicture(to: folder.appending(path: "my cat.png"))
      let run = try visualize(
        "saliency", "my cat.png", "--model=net.onnx", "--unit", "conv:2", "--method",
        "smoothgrad", "--seed", "7", "--threads=2",
        "--output", "a.png", in: folder)
      #expect(run.status == 0)
      let texts = try PNGText.texts(inFileAt: folder.appending(path: "a.png").path)
      let values = Dictionary(uniqueKeysWithValues: texts.map { ($0.keyword, $0.text) })
      #expect(
        values["Command"]
          == "visualize saliency 'my cat.png' --model=net.onnx --unit conv:2 --method smoothgrad "
          + "--seed 7")
      #expect(values["Seed"] == "7")
      #expect(values["Model SHA-256"]?.count == 64)
      #expect(values["Software"]?.hasPrefix("visualize ") == true)
    }
  }

  @Test func whatTheFileSaysIsWeakerThanTheFileBesideItAndThatThanTheOptions() throws {
    try inEmptyFolder { folder in
      try writeSmallModel(to: folder.appending(path: "net.onnx"))
      try writePicture(to: folder.appending(path: "cat.png"))
      let settings =
        #"{"input.range": [0, 255], "input.color": "BGR", "labels": ["a", "b", "c", "d", "e"], "x": 1}"#
      try Data(settings.utf8).write(to: folder.appending(path: "net.json"))
      let run = try visualize(
        "saliency", "cat.png", "-m", "net.onnx", "--range", "-1,1", "--mean", "0.5", "--method",
        "gradient", in: folder)
      #expect(run.status == 0, "\(run.errors)")
      #expect(run.errors.contains("net.onnx: BGR in -1…1 less 0.5, 24×16, 5 labels."))
    }
  }

  @Test func withoutAWordOnPicturesItSaysWhatItAssumes() throws {
    try inEmptyFolder { folder in
      try writeSmallModel(to: folder.appending(path: "net.onnx"), metadata: [])
      try writePicture(to: folder.appending(path: "cat.png"))
      let run = try visualize("saliency", "cat.png", "-m", "net.onnx", "--size", "20", in: folder)
      #expect(run.status == 0)
      #expect(run.errors.contains("does not say how pictures are prepared"))
      #expect(run.errors.contains("--preset"))
    }
  }

  @Test func theModelThatShipsIsFoundFromAnywhere() throws {
    try inEmptyFolder { folder in
      try writePicture(to: folder.appending(path: "cat.png"))
      let run = try visualize(
        "saliency", "cat.png", "--unit", "cat", "--method", "gradient", in: folder)
      #expect(run.status == 0)
      #expect(run.output == "outputs/cat-saliency-gradient-cat.png\n")
      #expect(run.errors.contains("64×64"))
    }
  }

  /// The methods that take an option, in the order of their registry.
  private func methods(_ option: RegisteredMethod.Option) -> String {
    RegisteredMethod.all.filter { $0.options.contains(option) }.map(\.name)
      .joined(separator: ", ")
  }

  @Test func aMethodThatIsNotThereIsAnErrorWithTheNearest() throws {
    try inEmptyFolder { folder in
      let run = try visualize("saliency", "cat.png", "--method", "gradcam", in: folder)
      #expect(run.status == 64)
      #expect(run.errors.contains("there is no method 'gradcam'; did you mean grad-cam, "))
      let neuron = try visualize(
        "saliency", "cat.png", "--method", "neuron-conductance", in: folder)
      #expect(neuron.status == 64)
      #expect(neuron.errors.contains("--method neuron-conductance needs --neuron, such as "))
      let window = try visualize("saliency", "cat.png", "--window", "8", in: folder)
      #expect(window.status == 64)
      #expect(window.errors.contains("--window is for --method occlusion only."))
      let layer = try visualize(
        "saliency", "cat.png", "--method", "gradient", "--layer", "conv", in: folder)
      #expect(layer.status == 64)
      #expect(layer.errors.contains("--layer is for --method \(methods(.layer)) only."))
      let seed = try visualize(
        "saliency", "cat.png", "--method", "gradient", "--seed", "1", in: folder)
      #expect(seed.status == 64)
      #expect(seed.errors.contains("--seed is for --method \(methods(.seed)) only."))
    }
  }

  @Test func anObjectiveIsExplainedAsAUnitIs() throws {
    try inEmptyFolder { folder in
      try writeSmallModel(to: folder.appending(path: "net.onnx"))
      try writePicture(to: folder.appending(path: "cat.png"))
      let run = try visualize(
        "saliency", "cat.png", "-m", "net.onnx", "--method", "integrated-gradients", "--objective",
        "conv:1 - 2 * conv:0", in: folder)
      #expect(run.status == 0)
      #expect(run.errors.contains("integrated-gradients of conv:1 - 2 * conv:0"))
      #expect(run.output.contains("outputs/cat-saliency-integrated-gradients-conv-1-minus-2"))
      let sums = try #require(
        run.errors.firstMatch(of: /The map adds up to (.*); it should be (.*)\./))
      let (sum, total) = (try #require(Double(sums.1)), try #require(Double(sums.2)))
      #expect(abs(sum - total) < 0.05 * abs(total) + 0.002 && total != 0)
      let both = try visualize(
        "saliency", "cat.png", "--unit", "0", "--objective", "conv:1", in: folder)
      #expect(
        both.status == 64 && both.errors.contains("--unit and --objective exclude each other"))
      let several = try visualize(
        "saliency", "cat.png", "--objective", "diversity(conv)", in: folder)
      #expect(several.status == 64 && several.errors.contains("compares several pictures"))
    }
  }

  @Test func aCompleteMethodSaysWhatItsMapAddsUpTo() throws {
    try inEmptyFolder { folder in
      try writeSmallModel(to: folder.appending(path: "net.onnx"))
      try writePicture(to: folder.appending(path: "cat.png"))
      let run = try visualize(
        "saliency", "cat.png", "-m", "net.onnx", "--method", "integrated-gradients", in: folder)
      #expect(run.status == 0)
      let sums = try #require(
        run.errors.firstMatch(of: /The map adds up to (.*); it should be (.*)\./))
      let (sum, total) = (try #require(Double(sums.1)), try #require(Double(sums.2)))
      #expect(abs(sum - total) < 0.05 * abs(total) + 0.002)
      let parts = try visualize(
        "saliency", "cat.png", "-m", "net.onnx", "--method", "shapley", "--parts", "grid:3x2",
        in: folder)
      let ends = try #require(
        parts.errors.firstMatch(of: /Its parts add up to (.*); it should be (.*)\./))
      #expect(ends.1 == ends.2 && Double(ends.2) != 0)
    }
  }
}
