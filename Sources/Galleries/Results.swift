import Imaging
import Memory
import Portraits

/// What is there of a gallery at one moment.
struct Results {
  let gallery: Gallery
  /// What is known of each item's picture.
  private(set) var records: [PortraitRecord?]
  /// Why items have no picture.
  private(set) var failures: [Int: String] = [:]
  /// The items whose pictures were made here and now.
  private var made: Set<Int> = []
  private var pageTime = ContinuousClock.now

  /// How often the page is written while pictures are being made.
  private static let pageInterval = Duration.seconds(3)

  init(gallery: Gallery, records: [PortraitRecord?]) {
    (self.gallery, self.records) = (gallery, records)
  }

  /// Whether the page has not been written for a while.
  var pageIsDue: Bool { ContinuousClock.now - pageTime > Self.pageInterval }

  mutating func add(_ outcome: Gallery.Outcome, at index: Int) {
    switch outcome {
    case .made(let record):
      records[index] = record
      made.insert(index)
    case .found(let record): records[index] = record
    case .elsewhere: break
    case .failed(let reason): failures[index] = reason
    }
  }

  /// The items of the share that have neither a picture nor a reason why not.
  var missing: [Int] {
    records.indices.filter {
      records[$0] == nil && failures[$0] == nil && gallery.share.contains($0)
    }
  }

  /// The first page, with what other runs of the same gallery have made in the meantime.
  mutating func page(isFinished: Bool = false) -> Page {
    pageTime = .now
    for index in missing { records[index] = gallery.record(at: index) }
    return Page(gallery, self, isFinished: isFinished)
  }

  func report() -> Gallery.Report {
    var report = Gallery.Report()
    for (index, item) in gallery.items.enumerated() where gallery.share.contains(index) {
      if records[index]?.isOneColor == true { report.ofOneColor.append(item) }
      if let reason = failures[index] {
        report.failed.append((item, reason))
      } else if made.contains(index) {
        report.made.append(item)
      } else {
        report.kept.append(item)
      }
    }
    return report
  }
}

extension Gallery {
  /// The most pixels along the side of a picture on a sheet, by how many there are.
  private static func sheetSide(_ count: Int) -> Int {
    count <= 100 ? 256 : count <= 400 ? 160 : count <= 10_000 ? 96 : 32
  }

  /// All pictures on one; nil if there are none.
  func contactSheet(_ results: Results) throws -> ContactSheet? {
    let made = items.indices.filter { results.records[$0] != nil }
    guard !made.isEmpty else { return nil }
    let side = Self.sheetSide(made.count)
    // The pictures, the sheet with room for captions, and its file.
    try MemoryLimit.check(
      bytes: MemoryLimit.product([made.count, side, side, 12]), of: "the contact sheet")
    let tiles = try made.map { index in
      let picture = try Picture(contentsOf: path(of: items[index]))
      let fits = picture.width <= side && picture.height <= side
      return ContactSheet.Tile(
        fits ? picture : picture.fitted(width: side, height: side), caption: items[index].title)
    }
    return ContactSheet(tiles, title: title)
  }
}

extension ContactSheet {
  /// The sheet as a PNG file.
  func png(texts: [PNGText]) throws -> [UInt8] { try picture().png(texts: texts) }
}
