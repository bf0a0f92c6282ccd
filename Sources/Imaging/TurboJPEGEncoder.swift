#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// The functions of libturbojpeg that writing needs, found at run time.
///
/// Source: turbojpeg.h of libjpeg-turbo 2.x; 3.x keeps these functions and the library's name.
struct TurboJPEGEncoder: Sendable {
  private typealias Handle = UnsafeMutableRawPointer
  private typealias Create = @Sendable @convention(c) () -> Handle?
  private typealias Destroy = @Sendable @convention(c) (Handle) -> Int32
  private typealias Compress =
    @Sendable @convention(c) (
      Handle, UnsafePointer<UInt8>?, Int32, Int32, Int32, Int32,
      UnsafeMutablePointer<UnsafeMutablePointer<UInt8>?>, UnsafeMutablePointer<UInt>, Int32, Int32,
      Int32
    ) -> Int32
  private typealias Free = @Sendable @convention(c) (UnsafeMutablePointer<UInt8>?) -> Void

  private let create: Create
  private let destroy: Destroy
  private let compress: Compress
  private let free: Free

  /// The library, opened once; nil if it is not installed.
  static let shared = TurboJPEGEncoder()

  private init?() {
    for name in TurboJPEG.names {
      guard let library = dlopen(name, RTLD_NOW | RTLD_LOCAL) else { continue }
      if let create = dlsym(library, "tjInitCompress"),
        let destroy = dlsym(library, "tjDestroy"),
        let compress = dlsym(library, "tjCompress2"),
        let free = dlsym(library, "tjFree")
      {
        self.create = unsafeBitCast(create, to: Create.self)
        self.destroy = unsafeBitCast(destroy, to: Destroy.self)
        self.compress = unsafeBitCast(compress, to: Compress.self)
        self.free = unsafeBitCast(free, to: Free.self)
        return
      }
      dlclose(library)
    }
    return nil
  }

  /// Pixel formats and subsamplings of turbojpeg.h.
  private enum Constant {
    static let rgb: Int32 = 0
    static let halfResolution: Int32 = 2
  }

  /// Encodes red, green and blue; nil where the library cannot.
  func jpeg(of pixels: [UInt8], width: Int, height: Int, quality: Int) -> [UInt8]? {
    guard let handle = create() else { return nil }
    defer { _ = destroy(handle) }
    var buffer: UnsafeMutablePointer<UInt8>?
    var size: UInt = 0
    defer { free(buffer) }
    let status = compress(
      handle, pixels, Int32(width), 0, Int32(height), Constant.rgb, &buffer, &size,
      Constant.halfResolution, Int32(quality), 0)
    guard status == 0, let buffer else { return nil }
    return Array(UnsafeBufferPointer(start: buffer, count: Int(size)))
  }
}

extension Picture {
  /// The bytes of a JPEG file, its colours at half the resolution (4:2:0); alpha is laid over white.
  ///
  /// The encoder is libturbojpeg, opened at run time.
  ///
  /// - Parameter quality: 1…100, as libjpeg scales its tables.
  /// - Returns: The bytes.
  /// - Throws: `ImagingError.jpegLibraryMissing` without libturbojpeg; `ImagingError.badSize` beyond what a
  ///   JPEG can hold, 65,535 pixels a side.
  public func jpeg(quality: Int) throws -> [UInt8] {
    precondition((1...100).contains(quality), "a JPEG of quality \(quality)")
    guard let library = TurboJPEGEncoder.shared else {
      throw ImagingError.jpegLibraryMissing(file: "a JPEG")
    }
    let flat = flattened()
    guard
      let jpeg = library.jpeg(of: flat.bytes, width: width, height: height, quality: quality)
    else { throw ImagingError.badSize(file: "a JPEG", width: width, height: height) }
    return jpeg
  }
}
