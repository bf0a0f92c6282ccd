import ArgumentParser
import Foundation
import Microscope
import Networks
import Portraits

/// What the page and the folder of a microscope have in common.
struct MicroscopeOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "A folder of photographs: what excites each unit most and least.", valueName: "folder"),
    completion: .directory)
  var pictures: String?

  @OptionGroup var keeping: CacheOptions

  @OptionGroup(title: "Model") var model: ModelOptions

  /// The network with its pages.
  ///
  /// - Parameters:
  ///   - file: The model, if it is not the option that names it.
  ///   - title: What tells it from those beside it; nil: its name.
  ///   - folder: The folder of pages that is to be made, by the model's name; nil: none.
  ///   - other: Another one that is served beside it.
  ///   - address: Where its pages stand, from the root of the server's.
  /// - Returns: The microscope; nothing is made yet.
  /// - Throws: What is wrong with the file or with what is said.
  func microscope(
    of file: String?, title: String? = nil, in folder: ((String) -> String)? = nil,
    beside other: Microscope? = nil, at address: String = ""
  ) throws -> Microscope {
    guard file == nil || model.model == nil else {
      throw ValidationError("The model is given twice: as \(file ?? "") and by --model.")
    }
    let path = try file ?? model.model ?? BundledModel.path()
    let network = try model.network(at: path)
    network.announce(size: network.pictureSize(nil))
    var provenance = Provenance.current
    provenance.modelOptions = model.words(identifying: file ?? model.model)
    let name = URL(filePath: network.path).deletingPathExtension().lastPathComponent
    return try Microscope(
      network, cache: keeping.cache(of: path), title: title,
      folder: folder?(NetworkUnit.slug(name)),
      pictures: pictures, provenance: provenance, preparing: model.preparingWords,
      threads: model.threadCount, beside: other, at: address)
  }

  /// Looks at the folder's pictures, with a bar; nothing where none was named.
  ///
  /// - Throws: As `NaturalPictures.look(at:keeping:progress:)` does.
  static func look(for microscope: Microscope) throws {
    guard let natural = microscope.natural else { return }
    let bar = ProgressBar(total: 1000)
    defer { bar.finish() }
    try microscope.withinMemory {
      try natural.look(at: microscope.layers, keeping: microscope.cache) {
        bar.update(Int(1000 * $0), "looking at \(natural.files.count) pictures")
      }
    }
  }
}
