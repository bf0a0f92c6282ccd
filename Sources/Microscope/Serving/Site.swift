import Foundation
import Galleries
import Networks
import Portraits
public import Server
import Synchronization

/// The pages of one network or several under one address.
///
/// The first network's stand at the root, the second's below `2/`, and so on; those of a network whose pictures are
/// prepared otherwise below its `prepared/…/`.
public final class Site: Sendable {
  let microscopes: [Microscope]
  /// Whether nothing is made, and nothing taken, that is not there.
  let isReadOnly: Bool
  /// Networks whose pictures are prepared otherwise, the last that was asked for at the end.
  private let prepared = Mutex<[Microscope]>([])

  /// The most of these that are kept.
  private static let mostPrepared = 4

  /// Creates a site.
  ///
  /// - Parameters:
  ///   - microscopes: One at least, at the addresses `""`, `2/`, ….
  ///   - isReadOnly: Whether nothing is made, and nothing taken, that is not there.
  /// - Precondition: There is one.
  public init(_ microscopes: [Microscope], isReadOnly: Bool = false) {
    precondition(!microscopes.isEmpty, "Site: of no network")
    (self.microscopes, self.isReadOnly) = (microscopes, isReadOnly)
  }

  /// Answers a request.
  ///
  /// - Parameter request: What is asked for.
  /// - Returns: A page, a picture, events, or a sentence about what is wrong.
  public func response(to request: Request) -> Response {
    do {
      guard let (microscope, path) = try microscope(of: request.path) else {
        return MicroscopeSite(microscopes[0]).missing
      }
      if request.method != .post, path.isEmpty, !request.isFolder {
        return Response(seeOther: "/\(microscope.address)")
      }
      var inner = request
      inner.path = path
      if request.method != .post, request.path == ["compare"] {
        return comparison(request.query)
      }
      if request.method != .post, path == ["prepare"], !isReadOnly {
        return try microscope.withinMemory { try prepare(microscope, request.query) }
      }
      return MicroscopeSite(
        microscope, isReadOnly: isReadOnly,
        others: microscopes.filter { $0.address != microscope.address }
      ).response(to: inner)
    } catch {
      return Response(.unprocessable, "\(error)".withoutFolders)
    }
  }

  // MARK: Networks

  /// The network that an address belongs to, and the rest of the address.
  ///
  /// - Parameter path: The parts of the address.
  /// - Returns: nil: there is no such network.
  /// - Throws: What is wrong with a preparation of pictures.
  func microscope(of path: [String]) throws -> (Microscope, rest: [String])? {
    var (microscope, rest) = (microscopes[0], path[...])
    if let number = rest.first.flatMap(MicroscopeSite.number) {
      guard number >= 2, number <= microscopes.count else { return nil }
      (microscope, rest) = (microscopes[number - 1], rest.dropFirst())
    }
    guard rest.first == Microscope.preparedFolder else { return (microscope, Array(rest)) }
    guard !isReadOnly, rest.count > 1,
      let settings = Preprocessing.settings(ofAddress: rest[rest.startIndex + 1])
    else { return nil }
    return (try prepared(microscope, by: settings), Array(rest.dropFirst(2)))
  }

  /// A network with its pictures prepared otherwise, one made at a time.
  private func prepared(
    _ microscope: Microscope, by settings: [String: String]
  ) throws -> Microscope {
    try prepared.withLock { kept in
      let made = try microscope.withinMemory { try microscope.prepared(by: settings, among: kept) }
      if made === microscope { return made }
      kept.removeAll { $0 === made }
      kept.append(made)
      if kept.count > Self.mostPrepared { kept.removeFirst() }
      return made
    }
  }

  /// Leads to a network's pages with its pictures prepared as a form says.
  private func prepare(_ microscope: Microscope, _ query: [String: String]) throws -> Response {
    var settings = microscope.network.preparation.settings
    if let name = query["preset"] {
      guard let preset = Preset(rawValue: name) else { throw UnknownPresetError(name: name) }
      settings = preset.preprocessing.settings
    } else {
      for key in settings.keys {
        if let value = query[String(key.dropFirst("input.".count))] { settings[key] = value }
      }
    }
    let believed = microscope.believed ?? microscope
    return Response(seeOther: "/" + (try believed.preparing(settings).address))
  }
}

/// A preset that there is not.
struct UnknownPresetError: Error, CustomStringConvertible {
  let name: String

  var description: String {
    "there is no preset “\(name)”; there are \(Preset.allCases.map(\.rawValue).joined(separator: ", "))"
  }
}
