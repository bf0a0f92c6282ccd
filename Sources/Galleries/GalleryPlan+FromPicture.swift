public import Explanations

extension GalleryPlan {
  /// Photographs that are dreamt on alike, a picture for each and every unit.
  ///
  /// ```yaml
  /// dreams:
  ///   - picture: photos/cat.jpg
  ///     units: [stage3, stage2:5]
  ///     octaves: 3
  /// ```
  public struct DreamEntry: Hashable, Sendable {
    /// The photographs' files, from the working directory.
    public var pictures: [Line]
    /// What there is to be more of.
    public var units: [Line]
    /// How it is dreamt.
    public var dream: PhotographDream
    /// What stands under the pictures.
    public var caption: String?

    /// Creates an entry.
    public init(
      pictures: [Line], units: [Line], dream: PhotographDream = PhotographDream(),
      caption: String? = nil
    ) {
      (self.pictures, self.units, self.dream, self.caption) = (pictures, units, dream, caption)
    }
  }

  /// Photographs as layers see them, a picture for each and every layer.
  ///
  /// ```yaml
  /// grids:
  ///   - picture: photos/cat.jpg
  ///     layers: [stage3]
  ///     groups: 6
  /// ```
  public struct GridEntry: Hashable, Sendable {
    /// The photographs' files, from the working directory.
    public var pictures: [Line]
    /// The layers.
    public var layers: [Line]
    /// What is drawn, and how.
    public var grid: PhotographGrid
    /// How photographs of other proportions are brought to the network's size: `crop`, `pad` or `stretch`.
    public var fit: String
    /// What stands under the pictures.
    public var caption: String?

    /// Creates an entry.
    public init(
      pictures: [Line], layers: [Line], grid: PhotographGrid = PhotographGrid(),
      fit: String = "crop", caption: String? = nil
    ) {
      (self.pictures, self.layers, self.grid) = (pictures, layers, grid)
      (self.fit, self.caption) = (fit, caption)
    }
  }
}
