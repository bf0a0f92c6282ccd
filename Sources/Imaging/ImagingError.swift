/// What can go wrong with picture files; `description` says what it was and what to do about it.
///
/// `file` is the path, or whatever name the caller gave the bytes.
public enum ImagingError: Error, Hashable, Sendable, CustomStringConvertible {
  /// The decoder of JPEG files could not be started.
  case noDecoder(file: String)
  /// The bytes are neither PNG nor JPEG; `looksLike` names the format if it is a known one.
  case unknownFormat(file: String, looksLike: String?)
  /// The bytes are damaged or incomplete.
  case damaged(file: String, format: String, reason: String)
  /// The picture has no pixels or more than `Picture.pixelLimit`.
  case badSize(file: String, width: Int, height: Int)
  /// Reading JPEG needs libturbojpeg, which is not installed.
  case jpegLibraryMissing(file: String)
  /// A PNG text cannot be stored.
  case badText(keyword: String, reason: String)
  /// The PNG encoder gave up.
  case encodingFailed(reason: String)

  /// What went wrong, and what to do.
  public var description: String {
    switch self {
    case .noDecoder(let file):
      "cannot read \(file): libturbojpeg could not be started"
    case .unknownFormat(let file, let format?):
      "\(file) is \(format); only PNG and JPEG are read, so convert it first"
    case .unknownFormat(let file, nil):
      "\(file) is neither PNG nor JPEG; pass a picture in one of these formats"
    case .damaged(let file, let format, let reason):
      "\(file) is a damaged \(format) file (\(reason)); download or export it again"
    case .badSize(let file, let width, let height):
      "\(file) is \(width)×\(height) pixels; pictures of 1 to \(Picture.pixelLimit) pixels are "
        + "read, so scale it first"
    case .jpegLibraryMissing(let file):
      "cannot read \(file): reading JPEG needs libturbojpeg. Install it (Debian and Ubuntu: "
        + "apt install libturbojpeg0, or libturbojpeg on newer Ubuntu; Fedora: dnf install "
        + "turbojpeg; Homebrew: brew install jpeg-turbo) or convert the picture to PNG"
    case .badText(let keyword, let reason):
      "cannot store the PNG text “\(keyword)”: \(reason)"
    case .encodingFailed(let reason):
      "cannot encode a PNG: \(reason)"
    }
  }
}
