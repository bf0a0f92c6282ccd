extension Settings {
  /// A folder of pictures whose statistics are matched; where the network is known, they become a penalty.
  public static let like = Setting<String?>(
    "like", .optional(.path("the path of a folder of pictures")), usual: nil,
    help: "Match the sorted activations of the pictures in this folder, rank by rank.",
    valueName: "folder")

  /// Weight of the distance from them, relative to their own size.
  public static let likeWeight = Setting<Float>(
    "like-weight", .number(from: 0), usual: 20,
    help: "Weight of that: the distance is relative to the activations' own size.",
    valueName: "weight", title: "Likeness")
}

extension Recipe {
  /// A folder of pictures whose statistics are matched; nil: none.
  public var like: String? {
    get { self[Settings.like] }
    set { self[Settings.like] = newValue }
  }

  /// Weight of the distance from them.
  public var likeWeight: Float {
    get { self[Settings.likeWeight] }
    set { self[Settings.likeWeight] = newValue }
  }
}
