import Foundation
public import Imaging
public import Networks

/// The pictures of a network's channels that a gallery made.
public struct GalleryPictures: Sendable {
  /// By the channel as people write it, the path.
  private let paths: [String: String]

  /// Looks through a folder for pictures of a network's units.
  ///
  /// - Parameters:
  ///   - folder: The folder; what is below it is not looked at.
  ///   - network: The network; pictures of others are left out.
  /// - Throws: Where the folder cannot be read.
  public init(in folder: String, of network: Network) throws {
    var paths: [String: String] = [:]
    for file in try FileManager.default.contentsOfDirectory(atPath: folder).sorted()
    where file.hasSuffix(".png") {
      let path = "\(folder)/\(file)"
      let texts = Dictionary(
        try PNGText.texts(inFileAt: path).map { ($0.keyword, $0.text) }, uniquingKeysWith: { $1 })
      guard texts["Model SHA-256"] == network.sha256, texts["Recipe"] != nil,
        let title = texts["Title"], paths[title] == nil
      else { continue }
      paths[title] = path
    }
    self.paths = paths
  }

  /// How many there are.
  public var count: Int { paths.count }

  /// The picture of a channel; nil where there is none.
  ///
  /// - Throws: `ImagingError` for a damaged one.
  public func picture(of channel: FiringChannel) throws -> Picture? {
    try paths[channel.name].map { try Picture(contentsOf: $0) }
  }
}
