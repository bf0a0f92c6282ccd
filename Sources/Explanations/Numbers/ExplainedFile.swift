public import Imaging
public import Portraits

/// What is explained, as its file has it.
public enum ExplainedFile: Sendable {
  /// A photograph.
  case picture(Picture)
  /// Numbers: an array, or a sound.
  case numbers(StoredInput)

  /// Reads a file: `.npy` and `.wav` as numbers, anything else as a picture.
  ///
  /// - Throws: What is wrong with the file.
  public init(contentsOf path: String) throws {
    self =
      StoredInput.isOne(path)
      ? .numbers(try StoredInput(contentsOf: path)) : .picture(try Picture(contentsOf: path))
  }
}
