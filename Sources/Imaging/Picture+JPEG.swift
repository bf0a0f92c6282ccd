extension Picture {
  /// Reads a JPEG, turned upright as its EXIF orientation asks.
  ///
  /// Greyscale is read as equal channels; CMYK is converted without a colour profile. The decoder is
  /// libturbojpeg, opened at run time.
  ///
  /// - Parameters:
  ///   - jpeg: The bytes of the file.
  ///   - file: What an error calls the file.
  /// - Throws: `ImagingError.jpegLibraryMissing` without libturbojpeg; `ImagingError.damaged`;
  ///   `ImagingError.badSize` above `pixelLimit`, before memory is taken.
  public init(jpeg: [UInt8], named file: String = "the picture") throws {
    guard let library = TurboJPEG.shared else {
      throw ImagingError.jpegLibraryMissing(file: file)
    }
    let picture = try library.picture(from: jpeg, named: file)
    self = picture.upright(from: ExifOrientation(ofJPEG: jpeg))
  }
}
