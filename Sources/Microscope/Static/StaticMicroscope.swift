import Files
import Foundation
import Imaging
import Networks
import Portraits
import Synchronization
import Visualization

/// A microscope as a folder of files that can be published: every layer, every unit, every small picture.
///
/// Pictures that are in the cache are not made again; one that cannot be made does not keep the others from it.
public struct StaticMicroscope: Sendable {
  private let microscope: Microscope
  /// The folder.
  public let folder: String
  /// Where the site will be, with a slash at its end; empty: not known.
  private let site: String
  private let places: [Microscope.Place]
  private let write: @Sendable ([UInt8], String) throws -> Void

  /// Prepares the files; nothing is written yet.
  ///
  /// - Parameters:
  ///   - microscope: What they show.
  ///   - folder: The folder.
  ///   - site: Where the site will be, for previews of links; nil: not known.
  ///   - layers: The layers whose units have pages; nil: all but those that an activation makes another layer of.
  ///   - write: Stores a file.
  /// - Throws: `NetworkError` with the nearest names for a layer that has no channels.
  public init(
    _ microscope: Microscope, folder: String, site: String? = nil, layers: [String]? = nil,
    write: @escaping @Sendable ([UInt8], String) throws -> Void
  ) throws {
    (self.microscope, self.folder, self.write) = (microscope, folder, write)
    self.site = site.map { $0.hasSuffix("/") ? $0 : $0 + "/" } ?? ""
    for name in layers ?? [] where !microscope.layers.contains(where: { $0.name == name }) {
      throw NetworkError.unknownLayer(
        name, candidates: nearest(to: name, in: microscope.layers.map(\.name)))
    }
    let wanted = microscope.layers.filter { layers?.contains($0.name) ?? !$0.isBeforeActivation }
    places =
      (0..<microscope.classes).map { .class($0) }
      + wanted.flatMap { layer in
        (0..<layer.channels).map { .channel(layer: layer.name, $0) }
      }
  }

  /// How many units there are.
  public var count: Int { places.count }

  /// What was made.
  public struct Report: Sendable {
    /// Pictures made now.
    public internal(set) var made = 0
    /// Pictures that were in the cache.
    public internal(set) var kept = 0
    /// Units without a picture, and why, by what they are called.
    public internal(set) var failed: [(unit: String, reason: String)] = []
  }

  /// Makes everything.
  ///
  /// - Parameters:
  ///   - threads: How many pictures are made at a time.
  ///   - progress: Called with how many pictures are there; what it throws ends the work.
  /// - Returns: What was made.
  /// - Throws: `FileError` where a file cannot be written, and what `progress` throws.
  public func make(
    threads: Int, progress: @escaping @Sendable (Int) throws -> Void
  ) throws -> Report {
    for asset in Asset.all { try write(Array(asset.data), "\(folder)/assets/\(asset.name)") }
    let report = try pictures(threads: threads, progress)
    try natural()
    try pages()
    return report
  }

  private struct State {
    var next = 0
    var done = 0
    var report = Report()
    var error: (any Error)?
  }

  private func pictures(
    threads: Int, _ progress: @escaping @Sendable (Int) throws -> Void
  ) throws -> Report {
    let state = Mutex(State())
    inParallel(threads) {
      while true {
        let index = state.withLock { state in
          defer { state.next += 1 }
          return state.error == nil ? state.next : Int.max
        }
        guard index < places.count else { return }
        do {
          let outcome = try microscope.withinMemory { try picture(places[index]) }
          try state.withLock { state in
            state.done += 1
            switch outcome {
            case .made: state.report.made += 1
            case .kept: state.report.kept += 1
            case .failed(let reason):
              state.report.failed.append((microscope.unit(places[index])?.title ?? "", reason))
            }
            try progress(state.done)
          }
        } catch {
          state.withLock { $0.error = $0.error ?? error }
        }
      }
    }
    return try state.withLock { state in
      if let error = state.error { throw error }
      state.report.failed.sort { $0.unit < $1.unit }
      return state.report
    }
  }

  private enum Outcome {
    case made
    case kept
    case failed(String)
  }

  private func picture(_ place: Microscope.Place) throws -> Outcome {
    guard let plate = try microscope.icon(place) else { return .failed("there is no such unit") }
    let isThere = microscope.record(of: plate) != nil
    if !isThere {
      do {
        try microscope.make(plate, threads: 1)
      } catch let error as FileError {
        throw error
      } catch {
        return .failed("\(error)".withoutFolders)
      }
    }
    if let bytes = try microscope.cache.bytes(plate.name) {
      try write(bytes, "\(folder)/\(plate.address)")
    }
    return isThere ? .kept : .made
  }

  private func natural() throws {
    guard let natural = microscope.natural else { return }
    for index in natural.files.indices {
      try write(
        try natural.thumbnail(index, keeping: microscope.cache), "\(folder)/natural/\(index).png")
    }
  }

  // MARK: Pages

  private func pages() throws {
    func page(_ html: String, _ path: String) throws {
      try write(Array(html.utf8), "\(folder)/\(path)")
    }
    let named = Set(places.compactMap(\.layer))
    let shown = microscope.layers.filter { named.contains($0.name) }
    let search = SearchIndex(microscope, layers: shown)
    try write(Array(search.json), "\(folder)/search.json")
    try write(Array(search.script), "\(folder)/search.js")
    if microscope.classes > 0 {
      try page(
        LayerPage(microscope: microscope, layer: nil, site: site, isStatic: true).html,
        "classes.html")
    }
    for layer in shown {
      try page(
        LayerPage(microscope: microscope, layer: layer, site: site, isStatic: true, shown: shown)
          .html,
        "layers/\(layer.address).html")
    }
    for place in places {
      guard let unit = microscope.unit(place), let plate = try microscope.icon(place) else {
        continue
      }
      try page(
        UnitPage(
          microscope: microscope, place: place, unit: unit, plate: plate, site: site,
          isStatic: true,
          shown: named
        ).html, microscope.address(of: place))
    }
    // The first page last: where it is, everything is.
    var first = ModelPage(microscope: microscope, site: site, isStatic: true)
    first.layers = shown
    try page(first.html, "index.html")
  }
}
