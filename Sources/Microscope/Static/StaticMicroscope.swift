import Files
public import Galleries
import Imaging
import Networks
import Portraits

/// A microscope as a folder of files that can be published: every layer, every unit, every small picture.
///
/// Pictures that are in the folder or in the cache are not made again; one that cannot be made does not keep the
/// others from it. Several processes may make one folder: they share the pictures.
public struct StaticMicroscope: Sendable {
  let microscope: Microscope
  /// The folder.
  public let folder: String
  /// Where the site will be, with a slash at its end; empty: not known.
  private let site: String
  let places: [Microscope.Place]
  /// The share that is made here; nil: everything.
  let part: Part?
  /// The places among `places` of what is made here.
  let share: [Int]
  let write: @Sendable ([UInt8], String) throws -> Void

  /// Prepares the files; nothing is written yet.
  ///
  /// - Parameters:
  ///   - microscope: What they show, with the folder.
  ///   - site: Where the site will be, for previews of links; nil: not known.
  ///   - layers: The layers whose units have pages; nil: all but those that an activation makes another layer of.
  ///   - part: The share of the pictures that is made; nil: everything.
  ///   - write: Stores a file.
  /// - Precondition: The microscope has a folder.
  /// - Throws: `NetworkError` with the nearest names for a layer that has no channels.
  public init(
    _ microscope: Microscope, site: String? = nil, layers: [String]? = nil, part: Part? = nil,
    write: @escaping @Sendable ([UInt8], String) throws -> Void
  ) throws {
    guard let folder = microscope.folder else {
      preconditionFailure("StaticMicroscope: a microscope without a folder")
    }
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
    self.part = part
    share = part?.share(of: Self.costs(places.count)) ?? Array(places.indices)
  }

  /// How many units there are.
  public var count: Int { places.count }

  /// How many of them are made here.
  public var sharedCount: Int { share.count }

  /// What pictures cost, by which parts are dealt out: equally much, so that every part has as many of a layer.
  private static func costs(_ count: Int) -> [Double] { [Double](repeating: 1, count: count) }

  /// Why pictures could not be made.
  var failureNotes: FailureNotes { FailureNotes(in: folder) }

  /// What was made.
  public struct Report: Sendable {
    /// Pictures made now.
    public internal(set) var made = 0
    /// Pictures that were in the folder or in the cache.
    public internal(set) var kept = 0
    /// Units without a picture, and why, by what they are called.
    public internal(set) var failed: [(unit: String, reason: String)] = []
  }

  /// Makes everything or, of a part, its pictures: `merge(progress:)` does the rest.
  ///
  /// - Parameters:
  ///   - threads: How many pictures are made at a time.
  ///   - progress: Called with how many pictures are there; what it throws ends the work.
  /// - Returns: What was made.
  /// - Throws: `FileError` where a file cannot be written, and what `progress` throws.
  public func make(
    threads: Int, progress: @escaping @Sendable (Int) throws -> Void
  ) throws -> Report {
    try makeFolder("\(folder)/pictures")
    if let part { try PartMarks(in: folder).begin(part, write) }
    let (report, failed) = try pictures(threads: threads, progress)
    if part == nil { try finish(failed) }
    return report
  }

  /// Makes the pages of pictures that lie in the folder, and no picture: what several parts made becomes the very
  /// bytes of a folder made in one go.
  ///
  /// - Parameters:
  ///   - progress: Called with how many pictures were looked for; what it throws ends the work.
  ///   - look: Called once all is there, to look at the folder of pictures that pages show.
  /// - Returns: What was there, and what could not be made by whoever tried.
  /// - Throws: `MissingPicturesError` where pictures are neither there nor known to be impossible, `FileError`, and what
  ///   `look` throws.
  public func merge(
    progress: (Int) throws -> Void, look: () throws -> Void = {}
  ) throws -> Report {
    let (report, missing, failed) = try there(among: Array(places.indices), progress)
    guard missing.isEmpty else {
      throw MissingPicturesError(in: folder, missing: missing, costs: Self.costs(count))
    }
    try look()
    try finish(failed)
    return report
  }

  /// Whether everything of the share is there or known to be impossible, so that another try would not help.
  ///
  /// - Throws: `FileError` where a note cannot be read.
  public func isSettled() throws -> Bool { try there(among: share) { _ in }.missing.isEmpty }

  /// What lies in the folder, what is neither there nor known to be impossible, and the keys of what is.
  private func there(
    among share: [Int], _ progress: (Int) throws -> Void
  ) throws -> (Report, missing: [(place: Int, name: String)], failed: [String]) {
    var report = Report()
    var (missing, failed): ([(place: Int, name: String)], [String]) = ([], [])
    for (done, index) in share.enumerated() {
      let place = places[index]
      guard let unit = microscope.unit(place), let plate = try microscope.icon(place) else {
        continue
      }
      if microscope.record(of: plate) != nil {
        report.kept += 1
      } else if let reason = try failureNotes.reason(of: plate.key) {
        report.failed.append((unit.title, reason))
        failed.append(plate.key)
      } else {
        missing.append((index, unit.title))
      }
      try progress(done + 1)
    }
    report.failed.sort { $0.unit < $1.unit }
    return (report, missing, failed)
  }

  /// What stands at the end, once all is there that can be.
  ///
  /// - Parameter failed: The keys of the pictures that are not.
  /// - Throws: `FileError`, and where a page cannot be made.
  private func finish(_ failed: [String]) throws {
    removeLeftovers(in: "\(folder)/pictures")
    for asset in Asset.all { try write(Array(asset.data), "\(folder)/assets/\(asset.name)") }
    try natural()
    try pages()
    try failureNotes.removeAll(but: failed)
    try PartMarks(in: folder).removeAll()
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
