import Blocks
import Files
import Graphs
public import Tensors

extension Network {
  /// The network with other metadata laid over the file's own: `labels`, `input.color`, `input.range`,
  /// `input.mean`, `input.std`, `input.size`, `output.kind`, `output.link`.
  ///
  /// - Parameter settings: Keys and values as in the file; they win.
  /// - Returns: The same network otherwise.
  /// - Throws: `MetadataError` for a preparation of pictures that cannot be.
  public func overriding(metadata settings: [String: String]) throws(MetadataError) -> Network {
    var network = self
    network.metadata.merge(settings) { $1 }
    if settings["labels"] != nil { network.labels = Self.labels(in: settings) }
    let preparation = preprocessing == nil ? graphPreparation ?? graph.preparation : nil
    let known = preprocessing ?? preparation?.preprocessing ?? Preprocessing()
    network.preprocessing =
      try Preprocessing(metadata: network.metadata, over: known) ?? preprocessing
    try network.preprocessing?.check(channels: colorChannels)
    return network
  }

  /// The same network with other labels.
  package func labelled(_ labels: [String]) -> Network {
    var network = self
    network.labels = labels
    return network
  }

  /// The same network with who said what is known of it, and what is not believed.
  package func noting(sources: [String: String], doubts: [String]) -> Network {
    var network = self
    (network.sources, network.doubts) = (sources, doubts)
    return network
  }

  /// Who says how pictures are prepared, where that is not the metadata of the file's own: another file, or what
  /// the graph does to them first; nil: the file's metadata, or nobody.
  public var preparationSource: String? {
    let keys = ["input.range", "input.mean", "input.std", "input.color"]
    if let file = keys.compactMap({ sources[$0] }).first { return file }
    guard preprocessing != nil, !keys.contains(where: { metadata[$0] != nil }) else { return nil }
    return Self.isOfUltralytics(metadata) ? "Ultralytics' metadata" : "what its graph does first"
  }

  /// That the graph changes the order of the channels, and nobody says from which; nil where that is not so.
  public var colorGuess: String? {
    guard graphPreparation?.isColorGuess == true, metadata["input.color"] == nil else { return nil }
    return
      "its graph changes the order of the channels, and nothing says from which: RGB is assumed"
  }

  /// What the file says of its pictures: in the metadata of its own kind or of Ultralytics', or by what the
  /// graph does to them first.
  static func preprocessing(
    in metadata: [String: String], over graph: Preprocessing?
  ) throws(MetadataError) -> Preprocessing? {
    let known = graph ?? (isOfUltralytics(metadata) ? Preprocessing() : nil)
    return try Preprocessing(metadata: metadata, over: known ?? Preprocessing()) ?? known
  }

  static func labels(in metadata: [String: String]) -> [String] {
    guard let text = metadata["labels"] else {
      if let signs = signs(in: metadata) { return ["blank"] + signs + [" "] }
      let names = isOfUltralytics(metadata) ? PythonLiteral.texts(metadata["names"] ?? "") : nil
      return (names ?? []).map(\.withVisibleControls)
    }
    var lines = text.split(separator: "\n", omittingEmptySubsequences: false)
      .map { String($0).withVisibleControls }
    while lines.last?.isEmpty == true { lines.removeLast() }
    return lines
  }

  /// The alphabet of Paddle's text recognizers; nil where there is none, or labels are said otherwise.
  private static func signs(in metadata: [String: String]) -> [String]? {
    guard metadata["labels"] == nil, let alphabet = metadata["character"] else { return nil }
    let signs = alphabet.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    return (signs.last == "" ? signs.dropLast() : signs[...]).map(\.withVisibleControls)
  }

  /// The network with those labels of its metadata that its classes fit; Paddle's alphabets are without what stands for
  /// no sign, and most without the space.
  ///
  /// - Returns: The network, and why its labels are not believed, where they are not.
  package func fittingLabels() -> (network: Network, doubt: String?) {
    guard !labels.isEmpty else { return (self, nil) }
    var network = self
    let signs = Self.signs(in: metadata)
    let all = signs.map { [$0, ["blank"] + $0, ["blank"] + $0 + [" "]] } ?? [labels]
    guard let count = classCount(fitting: signs == nil ? labels.count : nil) else {
      return (self, nil)
    }
    if let fitting = all.first(where: { $0.count == count }) {
      network.labels = fitting
      return (network, nil)
    }
    network.labels = []
    let what =
      signs.map { "the signs in the file's metadata are \($0.count)" }
      ?? "the labels in the file's metadata are \(labels.count)"
    return (network, "\(what), and the network has \(count) classes: not believed")
  }

  /// How many classes there are at the network's own size.
  ///
  /// - Parameter labels: How many there should be, where the results of a detector can be read in several ways; nil: as
  ///   without labels.
  /// - Returns: nil where that is not to be found out so.
  package func classCount(fitting labels: Int?) -> Int? {
    // Another size may do; what does not is said where it is used.
    guard let shapes = try? shapes(inputShape: inputShape()) else { return nil }
    if let logits = logits(in: shapes) { return logits.count }
    var network = self
    if let labels {
      network.labels = (0..<labels).map(String.init)
      if let scores = network.classScores(in: shapes) { return scores.count }
    }
    network.labels = []
    return network.classScores(in: shapes)?.count
  }

  /// Whether the exporter of Ultralytics wrote it: `names`, `imgsz`, `task`; its networks take RGB in 0…1.
  private static func isOfUltralytics(_ metadata: [String: String]) -> Bool {
    metadata["names"] != nil && (metadata["task"] != nil || metadata["imgsz"] != nil)
  }

  /// The size of the pictures that the network was made for, in pixels.
  ///
  /// What the file declares; else the metadata's `input.size` (height, width, or one number for both), or
  /// Ultralytics' `imgsz`; else 224×224, the commonest, and of a signal a second at 16 kHz, or 1,000 numbers
  /// of several channels.
  public var usualSize: (height: Int, width: Int) {
    let said = metadata["input.size"] ?? metadata["imgsz"] ?? ""
    let sides = said.split(separator: ",").compactMap { Int($0.filter(\.isNumber)) }
      .filter { $0 > 0 }
    let usual = form != .signal ? 224 : inputChannels == 1 ? 16_000 : 1000
    return (fixedSize.height ?? sides.first ?? usual, fixedSize.width ?? sides.last ?? usual)
  }

  /// The shape of an input of one picture.
  ///
  /// - Parameter size: Height and width, in pixels; `usualSize` if `nil`.
  /// - Returns: N×C×H×W with N = 1; what the file says, and 1 for what it leaves open, where the input is
  ///   no picture.
  public func inputShape(size: (height: Int, width: Int)? = nil) -> Shape {
    guard input.dimensions.count == 4 || input.dimensions.isEmpty else {
      return Shape(input.dimensions.map { $0 ?? 1 })
    }
    let (height, width) = size ?? usualSize
    return [1, inputChannels ?? 3, height, width]
  }
}
