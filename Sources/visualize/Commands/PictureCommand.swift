import ArgumentParser
import Foundation
import Imaging
import Networks
import Objectives
import Tensors
import Visualization

/// A picture that a unit responds to.
struct PictureCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "picture",
    abstract: "Make a picture that a unit responds to; what happens without a command.",
    usage: "visualize --unit <unit> [<options>]",
    discussion: """
        visualize --unit cat
        visualize --unit mixed4a:17 --model googlenet.onnx --steps 512

      Writes outputs/cat.png and prints that path. A unit is a label (cat), a logit's \
      number (281), a channel of a layer (layer3:17), one neuron of it (layer3:17@4,5 for \
      column 4, row 5), a channel at a transformer's class token (layer3:17@class) or a whole \
      layer (layer3).
      """)

  @Option(
    name: [.short, .long], help: "What to look at: cat, 281, layer3:17, layer3:17@4,5, layer3.")
  var unit: String

  @Option(
    name: [.short, .long],
    help: "The picture's size as the network sees it: 224 or 320x240. (default: the network's)")
  var size: SizeArgument?

  @OptionGroup(title: "Ascent") var recipe: RecipeOptions

  @Option(
    name: .customLong("init"),
    help: ArgumentHelp("Start from this picture, PNG or JPEG.", valueName: "picture"),
    completion: .file(extensions: ["png", "jpg", "jpeg"]))
  var start: String?

  @Option(
    help: ArgumentHelp(
      "How many times its size the picture is saved. (default: to about 512 pixels)",
      valueName: "factor"))
  var scale: Int?

  @Option(
    name: [.short, .long],
    help: ArgumentHelp("The PNG file to write. (default: outputs/UNIT.png)", valueName: "file"),
    completion: .file(extensions: ["png"]))
  var output: String?

  @Option(
    help: ArgumentHelp(
      "Save some 60 pictures of the way there in this folder.", valueName: "folder"),
    completion: .directory)
  var frames: String?

  @OptionGroup(title: "Model") var model: ModelOptions

  func validate() throws {
    if let scale, !(1...64).contains(scale) {
      throw ValidationError("--scale must be 1 to 64, not \(scale).")
    }
  }

  func run() throws {
    let original = try start.map { try Picture(contentsOf: $0) }
    let network = try model.network()
    try network.checkTakesPictures()
    let size = try network.pictureSize(size)
    Terminal.note(network.preflight(size: size))
    let shape = network.inputShape(size: size)
    let shapes = try network.shapes(inputShape: shape)
    let unit = try NetworkUnit(unit, in: network, shapes: shapes)
    let recipe = recipe.applied(to: Recipe(metadata: network.metadata, for: unit))
    let path = output ?? "outputs/\(unit.fileName).png"
    let sketch = Sketch(
      unit: unit, network: network, recipe: recipe, scale: scale ?? Self.usualScale(size))
    try checkWritable(path)

    let bar = ProgressBar(total: recipe.steps, of: "step")
    let every = max(1, recipe.steps / 60)
    let objective = Objective(unit)
    let start = try original.map { try network.input($0, size: size) }
    var last: Step?
    let rendering: Rendering
    do {
      rendering = try recipe.render(
        objective,
        in: PictureNetwork(network, preprocessing: network.preparation, threads: model.threadCount),
        shape: shape, startingFrom: start
      ) { step in
        last = step
        bar.update(step.number, "value \(Double(step.value).fixed(2))")
        if let frames, step.number.isMultiple(of: every) {
          try sketch.save(step.picture(), to: "\(frames)/\(Self.frameName(step.number)).png")
        }
      }
    } catch let error as VisualizationError {
      bar.finish()
      network.explain(
        objective.readings, at: last?.picture() ?? start ?? recipe.firstPicture(shape: shape),
        threads: model.threadCount)
      throw error
    }
    bar.finish()
    if rendering.finalValue == 0 {
      network.explain(objective.readings, at: rendering.picture, threads: model.threadCount)
    }
    if let frames {
      try sketch.save(rendering.picture, to: "\(frames)/\(Self.frameName(recipe.steps)).png")
    }
    try sketch.save(rendering.picture, to: path)
    report(rendering, unit, network, shapes)
    print(path)
  }

  /// What was reached: the unit's activation, and for a class how sure the network is of it.
  private func report(
    _ rendering: Rendering, _ unit: NetworkUnit, _ network: Network, _ shapes: [String: Shape]
  ) {
    var text =
      "\(unit.description): \(Double(rendering.initialValue).fixed(2)) → "
      + Double(rendering.finalValue).fixed(2)
    if case .logit(let index) = unit.kind,
      let classes = try? network.classes(
        of: rendering.picture, shapes: shapes, feed: .picture(network.preparation),
        threads: model.threadCount),
      let probability = classes.first(where: { $0.index == index })?.probability
    {
      text += ", probability \(Double(probability * 100).fixed(1)) %"
    }
    Terminal.note(text)
  }

  /// Finds out before the work whether its result can be written.
  private func checkWritable(_ path: String) throws {
    let folder = URL(filePath: path).deletingLastPathComponent().path
    do {
      try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    } catch {
      throw ImagingError.unwritable(file: path, reason: "the folder \(folder) cannot be made")
    }
    guard FileManager.default.isWritableFile(atPath: folder) else {
      throw ImagingError.unwritable(file: path, reason: "the folder \(folder) is read-only")
    }
  }

  private static func usualScale(_ size: (height: Int, width: Int)) -> Int {
    max(1, 512 / max(size.height, size.width))
  }

  private static func frameName(_ step: Int) -> String {
    let digits = String(step)
    return "step-" + String(repeating: "0", count: max(0, 6 - digits.count)) + digits
  }
}

/// How a picture on the way, or at the end of it, becomes a file.
private struct Sketch {
  let unit: NetworkUnit
  let network: Network
  let recipe: Recipe
  let scale: Int

  func save(_ picture: Tensor, to path: String) throws {
    let picture = Picture(picture)
    let enlarged = picture.resized(width: picture.width * scale, height: picture.height * scale)
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    let recipe = String(decoding: try encoder.encode(self.recipe), as: UTF8.self)
    try enlarged.save(
      to: path,
      texts: Provenance.texts(
        network: network, title: unit.description, seed: self.recipe.seed,
        more: [("Recipe", recipe)]))
  }
}
