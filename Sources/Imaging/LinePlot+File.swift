import Files

extension LinePlot {
  /// Writes the plot, atomically, as SVG where the name ends in `.svg` and as PNG elsewhere; missing folders are
  /// made.
  ///
  /// - Parameter path: The file.
  /// - Throws: `FileError.unwritable` with the path and the reason.
  public func write(to path: String) throws {
    if path.lowercased().hasSuffix(".svg") {
      try writeAtomically(Array(svg.utf8), to: path)
    } else {
      try picture().write(to: path)
    }
  }
}
