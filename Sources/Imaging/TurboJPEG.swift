#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// The functions of libturbojpeg that reading needs, found at run time.
///
/// Source: turbojpeg.h of libjpeg-turbo 2.x; 3.x keeps these functions and the library's name.
struct TurboJPEG: Sendable {
  private typealias Handle = UnsafeMutableRawPointer
  private typealias Create = @Sendable @convention(c) () -> Handle?
  private typealias Destroy = @Sendable @convention(c) (Handle) -> Int32
  private typealias Header =
    @Sendable @convention(c) (
      Handle, UnsafePointer<UInt8>?, UInt, UnsafeMutablePointer<Int32>,
      UnsafeMutablePointer<Int32>, UnsafeMutablePointer<Int32>, UnsafeMutablePointer<Int32>
    ) -> Int32
  private typealias Decompress =
    @Sendable @convention(c) (
      Handle, UnsafePointer<UInt8>?, UInt, UnsafeMutablePointer<UInt8>?, Int32, Int32, Int32,
      Int32, Int32
    ) -> Int32
  private typealias Message = @Sendable @convention(c) (Handle) -> UnsafePointer<CChar>?

  private let create: Create
  private let destroy: Destroy
  private let header: Header
  private let decompress: Decompress
  private let message: Message

  /// The library, opened once; nil if it is not installed.
  static let shared = TurboJPEG(tryingInTurn: names)

  static let names = [
    "libturbojpeg.so.0", "libturbojpeg.so", "libturbojpeg.0.dylib", "libturbojpeg.dylib",
    "/opt/homebrew/lib/libturbojpeg.dylib", "/opt/homebrew/opt/jpeg-turbo/lib/libturbojpeg.dylib",
    "/usr/local/lib/libturbojpeg.dylib", "/usr/local/opt/jpeg-turbo/lib/libturbojpeg.dylib",
    "/opt/local/lib/libturbojpeg.dylib",
  ]

  init?(tryingInTurn names: [String]) {
    for name in names {
      guard let library = dlopen(name, RTLD_NOW | RTLD_LOCAL) else { continue }
      if let create = dlsym(library, "tjInitDecompress"),
        let destroy = dlsym(library, "tjDestroy"),
        let header = dlsym(library, "tjDecompressHeader3"),
        let decompress = dlsym(library, "tjDecompress2"),
        let message = dlsym(library, "tjGetErrorStr2")
      {
        self.create = unsafeBitCast(create, to: Create.self)
        self.destroy = unsafeBitCast(destroy, to: Destroy.self)
        self.header = unsafeBitCast(header, to: Header.self)
        self.decompress = unsafeBitCast(decompress, to: Decompress.self)
        self.message = unsafeBitCast(message, to: Message.self)
        return
      }
      dlclose(library)
    }
    return nil
  }

  /// Pixel formats, colour spaces and flags of turbojpeg.h.
  private enum Constant {
    static let rgb: Int32 = 0
    static let cmyk: Int32 = 11
    static let cmykSpaces: Set<Int32> = [3, 4]
    /// Refuses files whose hundreds of scans would keep the decoder busy for minutes.
    static let limitScans: Int32 = 1 << 15
  }

  /// Decodes a JPEG, not yet turned upright.
  func picture(from jpeg: [UInt8], named file: String) throws -> Picture {
    guard let handle = create() else {
      throw ImagingError.noDecoder(file: file)
    }
    defer { _ = destroy(handle) }
    var (width, height, subsampling, space): (Int32, Int32, Int32, Int32) = (0, 0, 0, 0)
    let size = UInt(jpeg.count)
    guard header(handle, jpeg, size, &width, &height, &subsampling, &space) == 0 else {
      throw ImagingError.damaged(file: file, format: "JPEG", reason: reason(handle))
    }
    // A file that is cut off within what stands before the size is no error to the decoder.
    guard width > 0, height > 0 else {
      throw ImagingError.damaged(
        file: file, format: "JPEG", reason: "it ends before its size is said")
    }
    try Picture.checkSize(width: Int(width), height: Int(height), of: file)

    let isCMYK = Constant.cmykSpaces.contains(space)
    let format = isCMYK ? Constant.cmyk : Constant.rgb
    let (columns, rows) = (Int(width), Int(height))
    var pixels = [UInt8](repeating: 0, count: columns * rows * (isCMYK ? 4 : 3))
    let status = decompress(
      handle, jpeg, size, &pixels, width, 0, height, format, Constant.limitScans)
    // Stray bytes between segments are harmless and common; any other complaint means lost pixels.
    guard status == 0 || reason(handle).contains("xtraneous bytes before marker") else {
      throw ImagingError.damaged(file: file, format: "JPEG", reason: reason(handle))
    }
    return Picture(
      width: columns, height: rows, bytes: isCMYK ? Self.colors(ofInverted: pixels) : pixels)
  }

  /// Red, green, blue of CMYK samples that are stored inverted, as Adobe's files are: `R = C·K / 255`.
  private static func colors(ofInverted samples: [UInt8]) -> [UInt8] {
    var colors: [UInt8] = []
    colors.reserveCapacity(samples.count / 4 * 3)
    for i in stride(from: 0, to: samples.count, by: 4) {
      for channel in 0..<3 {
        colors.append(UInt8((Int(samples[i + channel]) * Int(samples[i + 3]) + 127) / 255))
      }
    }
    return colors
  }

  private func reason(_ handle: Handle) -> String {
    message(handle).map { String(cString: $0) } ?? "unknown error"
  }
}
