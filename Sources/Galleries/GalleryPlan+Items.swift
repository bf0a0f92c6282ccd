import Visualization

extension GalleryPlan {
  /// The settings that a plan may say; its seeds are said in a way of their own.
  static let settings = Settings.all.filter { $0.key != Settings.seed.key }
  /// The most pictures of a gallery; lists, ranges and products of these with seeds are counted before they are
  /// written out.
  public static let mostPictures = 50_000
}
