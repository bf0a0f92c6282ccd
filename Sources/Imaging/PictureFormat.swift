/// What the first bytes of a file say it is.
enum PictureFormat: Equatable {
  case png
  case jpeg
  /// Something else; the name of its format with an article, if it is a known one.
  case other(String?)

  init(of bytes: [UInt8]) {
    func starts(_ text: String, at offset: Int = 0) -> Bool {
      bytes.dropFirst(offset).starts(with: text.utf8)
    }
    if bytes.starts(with: PNGChunk.signature.prefix(4)) {
      self = .png
    } else if bytes.starts(with: [0xFF, 0xD8, 0xFF]) {
      self = .jpeg
    } else if bytes.isEmpty {
      self = .other("an empty file")
    } else if starts("GIF8") {
      self = .other("a GIF picture")
    } else if starts("RIFF"), starts("WEBP", at: 8) {
      self = .other("a WebP picture")
    } else if starts("BM") {
      self = .other("a BMP picture")
    } else if starts("II*\0") || starts("MM\0*") {
      self = .other("a TIFF picture")
    } else if starts("ftyp", at: 4) {
      self = .other("a HEIC, AVIF or video file")
    } else if starts("%PDF") {
      self = .other("a PDF document")
    } else if starts("<svg") || starts("<?xml") {
      self = .other("an SVG or XML document")
    } else if starts("version https://git-lfs") {
      self = .other("a Git LFS pointer, not the picture itself")
    } else {
      self = .other(nil)
    }
  }
}
