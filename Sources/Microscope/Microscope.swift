import Attribution
import Explanations
import Foundation
public import Galleries
import Memory
public import Networks
public import Portraits
import Synchronization
import Tensors
import Visualization

/// A network under the microscope: pages of its layers and units, and pictures made as they are looked at.
public final class Microscope: Sendable {
  /// The network.
  public let network: Network
  /// Where its pages stand, from the root of the server's: empty or with a slash at its end.
  public let address: String
  /// What tells it from those beside it.
  public let title: String
  /// The same network with its pictures prepared as is believed, where they are prepared otherwise here.
  let believed: Microscope?
  /// What made the pictures, as their files say.
  let provenance: Provenance
  /// The same without the options that prepare pictures.
  let origin: Provenance
  /// The network as photographs are shown to it.
  let explainer: Explainer
  /// The name of the method that shows best why a class was seen.
  let classMethod: String
  /// What is known of it before it runs.
  let summary: Network.Summary
  /// The layers that have channels.
  public let layers: [MicroscopeLayer]
  /// How many classes it tells apart; 0: it is no classifier.
  public let classes: Int
  /// Where pictures are kept.
  public let cache: PictureCache
  /// The folder of pages that is made; nil: pages are shown as they are asked for.
  public let folder: String?
  /// What small pictures are made by, beside what suits each.
  let iconSettings: [String: String]
  /// What a folder of pictures does to its channels; nil: none was named.
  public let natural: NaturalPictures?
  /// The folder that these are in.
  let pictures: String?
  let bench: Workbench
  /// What is made or found out for those who listen.
  let broadcasts = Broadcasts()
  /// Held while a photograph is unpacked: one at a time, however many are sent.
  let unpacking: NSLock
  let threads: Int
  /// The memory that may be taken, in every thread.
  private let memory: (bytes: Int, isSaid: Bool)
  private let places: [String: Int]
  private let byName: [String: Int]
  private let labels: FileContents
  private let icons = Mutex<[Place: Plate]>([:])

  /// Prepares a network.
  ///
  /// - Parameters:
  ///   - network: The network.
  ///   - cache: Where pictures are kept.
  ///   - title: What tells it from those beside it; nil: its name.
  ///   - folder: A folder of pages that is to be made; nil: none.
  ///   - pictures: A folder of pictures to show its channels; nil: none.
  ///   - provenance: What the pictures' files say of their origin, but for the options that prepare pictures.
  ///   - preparing: The options that prepare pictures.
  ///   - threads: How many threads share the work.
  ///   - other: Another one that is served beside it, whose cores it shares.
  ///   - address: Where its pages stand, from the root of the server's: empty or with a slash at its end.
  ///   - believed: The same network with its pictures prepared as is believed, where they are prepared otherwise here.
  /// - Throws: `PictureError` for a network that takes no pictures, `NoPicturesError`, `NetworkError`.
  public init(
    _ network: Network, cache: PictureCache, title: String? = nil, folder: String? = nil,
    pictures: String? = nil,
    provenance: Provenance, preparing: String = "", threads: Int = processorCount,
    beside other: Microscope? = nil, at address: String = "", believed: Microscope? = nil
  ) throws {
    (self.network, self.cache, self.folder, self.pictures) = (network, cache, folder, pictures)
    (self.address, self.believed, self.threads) = (address, believed, threads)
    self.title = believed?.title ?? title ?? network.name
    origin = provenance
    self.provenance = provenance.adding(modelOptions: preparing)
    let explainer = try Explainer(network, threads: threads)
    self.explainer = explainer
    classMethod = explainer.classMethod
    natural = try pictures.map {
      try NaturalPictures(in: $0, for: explainer, turn: other?.natural?.turn ?? NSLock())
    }
    summary = try network.summary(inputShape: network.inputShape(size: explainer.size))
    if let misfit = summary.misfit, misfit.isOfInput { throw misfit }
    layers = MicroscopeLayer.all(network, summary)
    classes = summary.classCount
    places = Dictionary(
      layers.enumerated().map { ($1.address, $0) }, uniquingKeysWith: { first, _ in first })
    byName = Dictionary(
      layers.enumerated().map { ($1.name, $0) }, uniquingKeysWith: { first, _ in first })
    labels = FileContents(labels: network.labels)
    iconSettings = Self.iconSettings(for: network, layers)
    bench = other?.bench ?? Workbench(places: threads)
    unpacking = other?.unpacking ?? NSLock()
    memory = (MemoryLimit.bytes, MemoryLimit.isSaid)
  }

  /// The layer of an address.
  func layer(at address: String) -> MicroscopeLayer? { places[address].map { layers[$0] } }

  /// The layer of a name.
  func layer(named name: String) -> MicroscopeLayer? { byName[name].map { layers[$0] } }

  /// Does something with as much memory as may be taken.
  package func withinMemory<Result>(_ work: () throws -> Result) rethrows -> Result {
    try MemoryLimit.$isSaid.withValue(memory.isSaid) {
      try MemoryLimit.$bytes.withValue(memory.bytes, operation: work)
    }
  }

  /// What the network's `shapes(inputShape:)` returned for its own size.
  var shapes: [String: Shape] { explainer.shapes }

  // MARK: Units

  /// What has a page.
  enum Place: Hashable, Sendable {
    case channel(layer: String, Int)
    case `class`(Int)

    /// The layer, where it is a channel.
    var layer: String? {
      if case .channel(let layer, _) = self { layer } else { nil }
    }
  }

  /// A unit of a place; nil: the network has none there.
  func unit(_ place: Place) -> NetworkUnit? {
    switch place {
    case .channel(let name, let channel):
      guard let layer = layer(named: name),
        (0..<layer.channels).contains(channel)
      else { return nil }
      return NetworkUnit(.channel(layer: name, channel: channel))
    case .class(let index):
      guard (0..<classes).contains(index) else { return nil }
      return network.unit(
        summary.scores.map { .score(index, of: $0, places: nil) } ?? .logit(index),
        of: summary.logits?.kind)
    }
  }

  /// The address of a place's page, from the root.
  func address(of place: Place) -> String {
    switch place {
    case .channel(let name, let channel):
      "units/\(layer(named: name)?.address ?? "")/\(channel).html"
    case .class(let index): "classes/\(index).html"
    }
  }

  // MARK: Plates

  /// The picture of a place.
  ///
  /// - Parameters:
  ///   - place: Where.
  ///   - settings: What is said of it, by the settings' keys.
  /// - Returns: A picture to be made, or made already.
  /// - Throws: `SettingError` and what is wrong with the unit.
  func plate(_ place: Place, _ settings: [String: String] = [:]) throws -> Plate? {
    guard let unit = unit(place) else { return nil }
    return try plate(Subject(unit), settings)
  }

  /// The picture of a subject.
  func plate(_ subject: Subject, _ settings: [String: String] = [:]) throws -> Plate {
    var recipe = try subject.usualRecipe(in: network)
    try recipe.take(try network.completed(settings))
    try recipe.checkUse(of: Array(settings.keys))
    let shape = try network.pictureShape(recipe)
    recipe.size = PictureSize(height: shape[2], width: shape[3])
    return try Plate(subject, by: recipe, in: network, provenance: provenance, labels: labels)
  }

  /// Small pictures that are known already: a page has many, and asks once.
  var knownIcons: [Place: Plate] { icons.withLock { $0 } }

  /// The small picture of a place.
  func icon(_ place: Place) throws -> Plate? {
    if let known = icons.withLock({ $0[place] }) { return known }
    let found = try plate(place, iconSettings)
    if let found { icons.withLock { $0[place] = found } }
    return found
  }

  /// How small pictures are made: at 64×64 where the network can be shown that, and in either case with fewer steps
  /// than others.
  private static func iconSettings(
    for network: Network, _ layers: [MicroscopeLayer]
  ) -> [String: String] {
    let own = network.pictureSize(nil)
    if max(own.height, own.width) <= 96 { return ["steps": "64"] }
    let small = PictureSize(height: 64, width: 64)
    do {
      let shapes = try network.shapes(inputShape: network.inputShape(size: small))
      let fits = layers.allSatisfy { layer in
        (try? network.value(ofLayer: layer.name)).flatMap { shapes[$0] }.map { $0.count > 0 }
          ?? false
      }
      if fits { return ["size": "64", "steps": "64"] }
    } catch {
      // A file for one size: its pictures are shown smaller.
    }
    return ["steps": "64"]
  }
}

extension Explainer {
  /// The name of the method that shows best why a class was seen.
  fileprivate var classMethod: String {
    guard let usual = try? usualMethod(for: []), usual.name != "smoothgrad" else {
      return "grad-cam"
    }
    return usual.name
  }
}
