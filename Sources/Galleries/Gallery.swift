import Files
import Imaging
public import Networks
public import Portraits
import Visualization

/// The pictures of a plan and the folder that they go into.
///
/// Every picture's file says how it was made. What a folder already holds is recognized by that and left
/// alone, so that an interrupted gallery goes on where it stopped, and a changed plan remakes only what it
/// changes.
public struct Gallery: Sendable {
  /// Stores a file.
  public typealias Writer = @Sendable (_ bytes: [UInt8], _ path: String) throws -> Void

  /// Makes a picture; by default as `visualize --unit` does.
  public var painter: Painter = paint
  /// Stores a file; by default whole or not at all.
  public var write: Writer = { try writeAtomically($0, to: $1) }
  /// Where pictures are kept for other galleries and pages of the network too; nil: in the folder alone.
  public var cache: PictureCache?
  /// The share that is made here; nil: everything.
  public var part: Part? { didSet { share = Set(part?.share(of: costs) ?? Array(costs.indices)) } }
  /// The plan.
  public let plan: GalleryPlan
  /// The network, shared by all pictures.
  public let network: Network
  /// The pictures, in the plan's order.
  public let items: [GalleryItem]
  /// What is made of photographs, in the plan's order: what is explained, dreams, grids.
  public let sheets: [GallerySheet]
  /// The folder for the results.
  public let folder: String
  /// What of the plan cannot be made, and why, while the rest is; nil: everything can.
  public let refused: GalleryPlanError?
  /// What the results say about their origin.
  public let provenance: Provenance
  /// Everything that each item's picture depends on, in order.
  let keys: [String]
  /// The command that makes each item's picture alone, in order.
  let commands: [String]
  /// The places of what is made here, those of sheets behind those of items.
  private(set) var share: Set<Int> = []

  /// Prepares a gallery; nothing is written yet.
  ///
  /// - Parameters:
  ///   - plan: The plan.
  ///   - network: The network.
  ///   - folder: The folder for the results; nil: the plan's, which must lie in the folder that the plan lies in.
  ///   - provenance: What the results say about their origin.
  /// - Throws: `GalleryPlanError` where nothing of the plan can be made, or where it stands for too many pictures,
  ///   `OutputOutsideError`.
  public init(
    _ plan: GalleryPlan, network: Network, folder: String? = nil, provenance: Provenance
  ) throws {
    if folder == nil { try plan.checkOutputIsInside() }
    self.plan = plan
    self.network = network
    self.folder = folder ?? plan.folder
    self.provenance = provenance
    var drafting = Drafting(plan, network)
    for entry in plan.entries { try drafting.add(entry) }
    let items = drafting.items
    self.items = items
    var sheets = SheetDrafting(
      network, software: provenance.software, besides: items.map(\.fileName))
    for entry in plan.saliency { sheets.add(entry) }
    for entry in plan.dreams { sheets.add(entry) }
    for entry in plan.grids { sheets.add(entry) }
    self.sheets = sheets.sheets
    let problems = plan.refused + drafting.refused + sheets.refused
    let refused = GalleryPlanError(file: plan.file, problems: problems)
    if items.isEmpty && self.sheets.isEmpty && !problems.isEmpty { throw refused }
    self.refused = problems.isEmpty ? nil : refused
    commands = try items.map { item in
      try item.subject.command(
        item.recipe, in: network, modelOptions: provenance.modelOptions, scale: item.scale)
    }
    let files = drafting.files
    leftOut = files.leftOut
    keys = items.map { item in
      item.key(network: network, software: provenance.software, files: files)
    }
    share = Set(costs.indices)
  }

  /// What there is to say of files of folders that are no pictures, after the folder's key: `like: …`.
  public let leftOut: [String]

  /// The path of an item's picture.
  public func path(of item: GalleryItem) -> String { "\(folder)/\(item.fileName)" }
  /// The path of the page.
  public var pagePath: String { "\(folder)/index.html" }
  /// The path of the sheet with all pictures.
  public var contactSheetPath: String { "\(folder)/contact-sheet.png" }

  /// The pictures that are made here, in the plan's order.
  public var sharedItems: [GalleryItem] { items.indices.filter(share.contains).map { items[$0] } }
  /// Those of them that are not there yet.
  public var missingItems: [GalleryItem] { missing.map { items[$0] } }
  /// How many of those lie in the cache.
  public var keptCount: Int { missing.count(where: isKept) }
  /// Whether a picture lies in the cache.
  func isKept(_ index: Int) -> Bool { cache?.has(PictureCache.name(of: keys[index])) ?? false }
  /// The places of the pictures of the share that are not there yet.
  var missing: [Int] {
    items.indices.filter { share.contains($0) && record(at: $0) == nil }
  }
  /// What is made of photographs here, in the plan's order.
  public var sharedSheets: [GallerySheet] {
    sheets.indices.filter { share.contains(items.count + $0) }.map { sheets[$0] }
  }

  /// What is known of each item's picture; nil where it is missing, damaged or out of date.
  public func records() -> [PortraitRecord?] { items.indices.map(record) }

  /// What is known of one item's picture.
  func record(at index: Int) -> PortraitRecord? {
    PortraitRecord(inFileAt: path(of: items[index]), key: keys[index])
  }
}
