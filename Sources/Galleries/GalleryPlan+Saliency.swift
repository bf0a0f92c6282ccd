extension GalleryPlan {
  /// Photographs that are explained alike, each on a sheet of its own.
  ///
  /// ```yaml
  /// saliency:
  ///   - pictures: [photos/cat.jpg, photos/dog.jpg]
  ///     units: [cat, dog]
  ///     methods: [smoothgrad, grad-cam]
  /// ```
  public struct SaliencyEntry: Hashable, Sendable {
    /// The photographs' files, from the working directory.
    public var pictures: [Line]
    /// What is explained; none: the surest classes.
    public var units: [Line]
    /// How, by the names of methods.
    public var methods: [Line]
    /// How many of the surest classes, where no units are named.
    public var top: Int
    /// How photographs of other proportions are brought to the network's size: `crop`, `pad` or `stretch`.
    public var fit: String
    /// What stands under the sheets.
    public var caption: String?

    /// Creates an entry.
    ///
    /// - Parameters:
    ///   - pictures: The photographs' files, from the working directory.
    ///   - units: What is explained; none: the surest classes.
    ///   - methods: How, by the names of methods.
    ///   - top: How many of the surest classes, where no units are named.
    ///   - fit: How photographs of other proportions are brought to the network's size.
    ///   - caption: What stands under the sheets.
    public init(
      pictures: [Line], units: [Line] = [], methods: [Line] = ["smoothgrad"], top: Int = 1,
      fit: String = "crop", caption: String? = nil
    ) {
      (self.pictures, self.units, self.methods) = (pictures, units, methods)
      (self.top, self.fit, self.caption) = (top, fit, caption)
    }
  }
}
