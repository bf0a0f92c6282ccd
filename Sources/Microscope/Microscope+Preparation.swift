import Galleries
import Networks
import Portraits

extension Microscope {
  /// The network with its pictures prepared otherwise, and where its pages stand.
  ///
  /// - Parameter settings: Keys and values as in a file's metadata.
  /// - Returns: This one's address, where that comes to the same.
  /// - Throws: `MetadataError`, `ModelSettingsError` and `PreparationError` for what cannot be.
  func preparing(_ settings: [String: String]) throws -> (network: Network, address: String) {
    let checked = try ModelSettings(settings, from: "the address").values
    let network = try network.overriding(metadata: checked)
    try network.preparation.checkMagnitude()
    let isSame = network.preparation.isSame(
      as: self.network.preparation, channels: network.colorChannels ?? 3)
    return (
      network,
      isSame ? address : "\(address)\(Self.preparedFolder)/\(network.preparation.address)/"
    )
  }

  /// The pages of the network with its pictures prepared otherwise.
  ///
  /// - Parameters:
  ///   - settings: Keys and values as in a file's metadata.
  ///   - kept: Those that are there already.
  /// - Returns: This one, or one that is there, where that comes to the same.
  /// - Throws: As `preparing(_:)` does.
  func prepared(by settings: [String: String], among kept: [Microscope]) throws -> Microscope {
    let (network, address) = try preparing(settings)
    if let known = ([self] + kept).first(where: { $0.address == address }) { return known }
    return try Microscope(
      network, cache: cache, pictures: pictures, provenance: origin,
      preparing: network.preparation.options, threads: threads, beside: self, at: address,
      believed: self)
  }

  /// What the addresses of networks whose pictures are prepared otherwise begin with.
  static let preparedFolder = "prepared"

  /// What is said over every page: that pictures are prepared otherwise than is believed, and that the folder's are being
  /// looked at.
  ///
  /// - Parameter page: The page's address, from the root of the network's.
  /// - Returns: HTML.
  func notice(_ page: String) -> String {
    guard let believed else { return looking }
    return """
      <p class="notice"><strong>Prepared otherwise:</strong> pictures go in as \
      \(HTML.escaped(network.preparationInWords)), not as \(HTML.escaped(believed.network.preparationInWords)). \
      <a href="/\(HTML.escaped(believed.address + page))">Back to what is believed</a></p>

      """ + looking
  }
}

extension Preprocessing {
  private static let keys = ["input.color", "input.range", "input.mean", "input.std"]

  /// As a part of an address: colour, range, mean and deviation with semicolons between them, as
  /// `BGR;0,255;104,117,123;1`.
  var address: String { Self.keys.map { settings[$0] ?? "" }.joined(separator: ";") }

  /// What such a part says, in the words of a file's metadata; nil: it is none.
  static func settings(ofAddress text: String) -> [String: String]? {
    let parts = text.split(separator: ";", omittingEmptySubsequences: false).map(String.init)
    guard parts.count == keys.count else { return nil }
    return Dictionary(zip(keys, parts)) { first, _ in first }
  }

  /// The options of a command that say the same.
  var options: String {
    let words = Self.keys.compactMap { key -> String? in
      guard let value = settings[key], key != "input.color" || color == .rgb || color == .bgr else {
        return nil
      }
      return "--\(key.dropFirst("input.".count)) \(value.lowercased().quotedForShell)"
    }
    return words.joined(separator: " ")
  }

  /// Refuses numbers with which nothing is left of a picture.
  ///
  /// - Throws: `PreparationError`.
  func checkMagnitude() throws(PreparationError) {
    guard (mean + [rangeLower, rangeUpper]).allSatisfy({ abs($0) <= 1e6 }),
      standardDeviation.allSatisfy({ (1e-6...1e6).contains($0) })
    else { throw PreparationError() }
  }
}

/// A preparation of pictures with numbers beyond anything that a network takes.
struct PreparationError: Error, CustomStringConvertible {
  var description: String {
    "range and mean must be from -1000000 to 1000000, the deviation from 0.000001 to 1000000"
  }
}

extension Provenance {
  /// The same with more options that name the network.
  func adding(modelOptions more: String) -> Provenance {
    var provenance = self
    provenance.modelOptions = [modelOptions, more].filter { !$0.isEmpty }.joined(separator: " ")
    return provenance
  }
}
