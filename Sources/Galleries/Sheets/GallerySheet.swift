import Imaging

/// What a gallery makes of a photograph, on a sheet of its own.
public struct GallerySheet: Sendable {
  /// The photograph's file, from the working directory.
  public let picture: String
  /// The sheet's name in the gallery's folder, with the extension; nothing else of the gallery has it.
  public let fileName: String
  /// What stands under the sheet.
  let caption: String?
  /// What is on it.
  let content: any SheetContent
  /// Everything that the sheet depends on: where two agree, the sheets do.
  let key: String

  /// What it shows, in a few words: `what mattered in cat.jpg`.
  var title: String {
    content.title(of: picture.split(separator: "/").last.map(String.init) ?? picture)
  }
}

/// What is on a sheet.
protocol SheetContent: Sendable {
  /// The part of the page that it stands in.
  var section: SheetSection { get }

  /// What it costs: as many steps of a picture as about take as long, times that picture's pixels.
  var work: Double { get }

  /// What it shows of a photograph's file.
  func title(of file: String) -> String

  /// Makes it.
  ///
  /// - Parameters:
  ///   - file: The photograph.
  ///   - threads: How many threads share the work; no result depends on it.
  ///   - progress: Called with the share done, 0…1.
  /// - Returns: The sheet.
  /// - Throws: Whatever keeps it from being made.
  func picture(of file: String, threads: Int, progress: (Double) -> Void) throws -> Picture
}

/// The parts of a page that show sheets, in order.
enum SheetSection: String, CaseIterable {
  case saliency, dreams, grids

  /// What stands above the sheets.
  var title: String {
    switch self {
    case .saliency: "What mattered"
    case .dreams: "Dreams"
    case .grids: "As layers see them"
    }
  }
}
