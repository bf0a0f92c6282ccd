import ArgumentParser
import Foundation
import Memory
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

  @Option(
    help: ArgumentHelp(
      "Where pictures are kept, so that none is made twice. (default: MODEL.cache beside the model)",
      valueName: "folder"), completion: .directory)
  var cache: String?

  @Option(
    help: ArgumentHelp("How much the cache may hold, such as 500MB or 4GB.", valueName: "amount"),
    transform: Self.amount)
  var cacheLimit: Int = 2 << 30

  @Sendable private static func amount(_ text: String) throws -> Int {
    guard let bytes = MemoryLimit.amount(text) else {
      throw ValidationError("--cache-limit must be an amount such as 500MB, not “\(text)”.")
    }
    return bytes
  }

  @OptionGroup(title: "Model") var model: ModelOptions

  /// The network with its pages.
  ///
  /// - Parameters:
  ///   - file: The model, if it is not the option that names it.
  ///   - other: Another one that is served beside it.
  ///   - address: Where its pages stand, from the root of the server's.
  /// - Returns: The microscope; nothing is made yet.
  /// - Throws: What is wrong with the file or with what is said.
  func microscope(
    of file: String?, beside other: Microscope? = nil, at address: String = ""
  ) throws -> Microscope {
    guard file == nil || model.model == nil else {
      throw ValidationError("The model is given twice: as \(file ?? "") and by --model.")
    }
    let path = try file ?? model.model ?? BundledModel.path()
    let network = try model.network(at: path)
    network.announce(size: network.pictureSize(nil))
    var provenance = Provenance.current
    provenance.modelOptions = model.words(identifying: file ?? model.model)
    return try Microscope(
      network, cache: PictureCache(folder: cacheFolder(of: path), limit: cacheLimit),
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
    try natural.look(at: microscope.layers, keeping: microscope.cache) {
      bar.update(Int(1000 * $0), "looking at \(natural.files.count) pictures")
    }
  }

  /// Beside the model; where that cannot be written to, among the caches of whoever asks.
  private func cacheFolder(of path: String) -> String {
    if let cache { return cache }
    let beside = path + ".cache"
    let folder = URL(filePath: path).deletingLastPathComponent().path
    if FileManager.default.fileExists(atPath: beside)
      || FileManager.default.isWritableFile(atPath: folder)
    {
      return beside
    }
    let caches = FileManager.default.urls(for: .cachesDirectory, in: .userDomainMask).first
    let name = URL(filePath: beside).lastPathComponent
    let other = (caches ?? FileManager.default.temporaryDirectory).appending(
      path: "visualize/\(name)"
    ).path
    Terminal.note("\(folder) cannot be written to; pictures are kept in \(other).")
    return other
  }
}
