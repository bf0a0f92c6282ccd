import Explanations
import Imaging
import Networks
import Portraits

/// The work of `saliency --what-fires`: a sheet for each photograph.
struct FiringRun {
  let explainer: Explainer
  let layers: [String]
  let count: Int
  let options: FiringOptions
  let files: SaliencyFiles
  let width: Int?
  /// What was not made, and why, in order.
  private(set) var failures: [(name: String, reason: String)] = []

  init(
    explainer: Explainer, layers: [String], count: Int, options: FiringOptions,
    files: SaliencyFiles, width: Int?
  ) {
    (self.explainer, self.count, self.options) = (explainer, count, options)
    (self.files, self.width) = (files, width)
    self.layers = layers.isEmpty ? explainer.firingLayers : layers
  }

  /// Makes the sheets; a photograph that cannot be read does not keep the others from it.
  ///
  /// - Parameters:
  ///   - paths: The photographs' files.
  ///   - first: The first one, where it is read already.
  /// - Throws: Where a file cannot be written, or what is usual cannot be found out.
  mutating func run(_ paths: [String], first: ExplainedFile?) throws {
    let usual = try usualResponses()
    let gallery = try options.gallery.map {
      try GalleryPictures(in: $0, of: explainer.network)
    }
    if let gallery, gallery.count == 0 {
      Terminal.note(
        "\(options.gallery ?? "") has no pictures of this network; the sheet goes without.")
    }
    let note =
      usual.map { "Usual: the mean of a channel's peaks over \($0.count) pictures." }
      ?? "Usual: a channel's mean over the positions of this photograph, with its variance and the layer's."
    for (index, path) in paths.enumerated() {
      do {
        let picture = try index == 0 ? first ?? .init(contentsOf: path) : .init(contentsOf: path)
        let (photograph, _) = try explainer.photograph(picture, named: path)
        let file = files.path("\(photograph.stem)-what-fires", .png)
        let hash = PhotographHash(of: [path])
        try files.check(
          file, methods: "what fires", modelHash: explainer.network.sha256, photographs: hash)
        let channels = try explainer.firing(
          in: photograph, layers: layers, count: count, beyond: usual)
        let sheet = try FiringSheet(
          photograph, channels, gallery: gallery, note: "\(note) \(explainer.network.name).")
        try sheet.picture(width: width).save(
          to: file,
          texts: Provenance.current.texts(
            network: explainer.network, title: "what fires in \(photograph.fileName)")
            + [hash.text])
        print(file)
      } catch let error where paths.count > 1 {
        failures.append((path, "\(error)"))
      }
    }
  }

  private func usualResponses() throws -> UsualResponses? {
    guard let folder = options.usual else { return nil }
    let files = try photographs(at: [folder])
    let bar = ProgressBar(total: files.count, of: "picture")
    defer { bar.finish() }
    let usual = try explainer.usualResponses(of: layers, pictures: files.count) { index in
      bar.update(index)
      return try Picture(contentsOf: files[index])
    }
    bar.finish()
    for note in usual.leftOut { Terminal.note("--usual: \(note).") }
    return usual
  }
}
