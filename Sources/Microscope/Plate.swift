import Files
import Galleries
import Imaging
import Networks
import Portraits
import Visualization

/// One picture of a unit, to be made or made already.
struct Plate: Sendable {
  /// What it is of and how it is made, as galleries have it.
  let item: GalleryItem
  /// Everything that it depends on.
  let key: String
  /// What its file is called.
  let name: String
  /// The command that makes it.
  let command: String

  init(
    _ subject: Subject, by recipe: Recipe, in network: Network, provenance: Provenance,
    labels: FileContents
  ) throws {
    item = GalleryItem(subject, by: recipe)
    key = item.key(network: network, software: provenance.software, files: labels)
    name = PictureCache.name(of: key)
    command = try subject.command(
      recipe, in: network, modelOptions: provenance.modelOptions, scale: item.scale)
  }

  /// Its address, from the root.
  var address: String { "pictures/\(name).png" }

  /// How it is made; seed and size are settled.
  var recipe: Recipe { item.recipe }

  /// What there is to say of it.
  ///
  /// - Parameter record: What was reached; nil: it is not made yet.
  /// - Returns: Names and values.
  func facts(_ record: PortraitRecord?) -> [(String, String)] {
    (record?.facts ?? []) + [("Seed", "\(recipe.seed)"), ("Steps", "\(recipe.steps)")]
  }
}

extension Microscope {
  /// Whether a picture is there.
  func has(_ plate: Plate) -> Bool { isFileWithContent(at: path(of: plate)) }

  /// What is known of a picture that is there.
  func record(of plate: Plate) -> PortraitRecord? {
    guard has(plate) else { return nil }
    return PortraitRecord(inFileAt: path(of: plate), key: plate.key)
  }

  /// Where a picture that is shown lies: in the folder of pages, if that is what is made, else in the cache.
  private func path(of plate: Plate) -> String {
    folder.map { "\($0)/\(plate.address)" } ?? cache.path(plate.name)
  }

  /// What is known of a picture that is in the cache.
  func kept(_ plate: Plate) -> PortraitRecord? {
    guard cache.has(plate.name) else { return nil }
    return PortraitRecord(inFileAt: cache.path(plate.name), key: plate.key)
  }

  /// Makes a picture and keeps it in the cache, unless it is there.
  ///
  /// - Parameters:
  ///   - plate: The picture.
  ///   - threads: How many threads share the work.
  ///   - progress: Called before every update; what it throws ends the work.
  /// - Returns: What is known of it.
  /// - Throws: What the ascent and `progress` throw; `DeadUnitError` where there is nothing to see.
  @discardableResult
  func make(
    _ plate: Plate, threads: Int, progress: (Step) throws -> Void = { _ in }
  ) throws -> PortraitRecord {
    if let record = kept(plate) { return record }
    let (record, bytes) = try rendered(plate, threads: threads, progress: progress)
    try cache.keep(bytes, as: plate.name)
    return record
  }

  /// Makes a picture and keeps nothing.
  ///
  /// - Returns: What is known of it, and its file.
  /// - Throws: As `make`.
  func rendered(
    _ plate: Plate, threads: Int, progress: (Step) throws -> Void = { _ in }
  ) throws -> (record: PortraitRecord, bytes: [UInt8]) {
    let portrait = try PreparedPortrait(of: plate.item.subject, by: plate.recipe, in: network)
      .painted(threads: threads, progress: progress)
    guard !portrait.isUnmoved || plate.recipe.steps == 0 else {
      throw DeadUnitError(value: portrait.after)
    }
    let record = PortraitRecord(portrait)
    let picture = network.shown(portrait, scale: plate.item.scale, bands: plate.recipe.bands)
    return (record, try picture.png(texts: texts(of: plate, record)))
  }

  /// What a picture's file says.
  func texts(of plate: Plate, _ record: PortraitRecord) throws -> [PNGText] {
    var provenance = provenance
    provenance.command = plate.command
    return try provenance.texts(
      of: plate.item.subject, by: plate.recipe, in: network, record: record)
      + [PortraitRecord.text(key: plate.key)]
  }
}
