public import Networks
import Tensors

extension Network {
  /// Reads a network with everything that is said about it.
  ///
  /// What configurations and lists around the model say is the weakest; then comes the file's metadata, a JSON file
  /// beside the model with the same keys, and what is said here.
  ///
  /// - Parameters:
  ///   - path: The ONNX file.
  ///   - settings: Keys and values as in the metadata; they win.
  ///   - labels: A file with the labels, as `LabelList` reads it; nil: what the file says, or what lies around it.
  ///   - picture: The name of the input that is the picture; nil: the first with four extents, or the first.
  ///   - values: What other inputs are, by their names: numbers, or NumPy files.
  /// - Returns: The network, its input as pictures where that can be.
  /// - Throws: What is wrong with the file, `ModelSettingsError` for what is said about it.
  public static func opened(
    at path: String, settings: ModelSettings, labels: String? = nil, picture: String? = nil,
    values: [String: String] = [:]
  ) throws -> Network {
    let given = try values.mapValues(InputValue.init)
    var network = try Network.unchecked(contentsOf: path, picture: picture)
      .giving(given.mapValues(\.tensor), as: given.mapValues(\.words)).takingPictures()
    var around = ModelSurroundings(ofModelAt: path)
    let own = try ModelSettings(network.metadata, from: path)
    let beside = try ModelSettings(besideModel: path)
    if let slices = [settings, beside, own].lazy.compactMap(\.slices).first {
      network = try network.taking(slices: slices)
    }
    let isSized = [around.values, own.values, beside.values, settings.values]
      .contains { $0["input.size"] != nil }
    if !isSized, let size = network.fittingSize() {
      around.take(size)
    }
    let size = [settings, beside, own].lazy.compactMap { $0.values["input.size"] }.first
    let sized = try network.overriding(
      metadata: (size ?? around.values["input.size"]).map { ["input.size": $0] } ?? [:])
    // What somebody gives for this network is to fit; what the file itself says need not.
    let (fitting, doubt) = sized.fittingLabels()
    network = network.labelled(fitting.labels)
    around.believe(of: network) { fitting.classCount(fitting: $0) }
    var said = around.values
    var sources = around.sources
    for settings in [own, beside, settings] {
      try settings.check(channels: network.colorChannels ?? 3)
      for (key, value) in settings.values
      where key != "labels" || settings.source != path || doubt == nil {
        said[key] = value
        sources[key] = settings.source == path ? nil : settings.source
      }
    }
    var source = [settings, beside].first { $0.values["labels"] != nil }?.source
    if let labels {
      said["labels"] = try LabelList(contentsOf: labels).labels.joined(separator: "\n")
      sources["labels"] = labels
      source = labels
    }
    let opened = try network.overriding(metadata: said)
      .noting(sources: sources, doubts: around.doubts + (doubt.map { [$0] } ?? []))
    if let source { try opened.checkLabels(from: source) }
    return opened
  }

  /// Refuses labels of which there are more or fewer than classes.
  private func checkLabels(from source: String) throws {
    guard let count = classCount(fitting: labels.count), count != labels.count else { return }
    throw ModelSettingsError.labelCount(file: source, labels: labels.count, classes: count)
  }
}
