extension Settings {
  /// A folder of pictures whose statistics are matched; where the network is known, they become a penalty.
  public static let like = Setting<String?>(
    "like", .optional(.path("the path of a folder of pictures")), usual: nil,
    help: "Match the sorted activations of the pictures in this folder, rank by rank.",
    valueName: "folder")

  /// The layers at which they are matched.
  public static let likeLayers = Setting<String?>(
    "like-layers",
    .optional(
      SettingKind(
        expected: "names of layers with commas between them",
        value: { $0.isEmpty ? nil : $0 }, text: { $0 })), usual: nil,
    usualInWords: "the last at each resolution but the finest and coarsest",
    help: "The layers at which they are matched.",
    valueName: "layers", for: .any(of: "like"))

  /// Weight of the distance from them.
  public static let likeWeight = Setting<Float>(
    "like-weight", .number(from: 0), usual: 1,
    help: "Weight of that, beside the objective's pull: 0.1 to 3.",
    valueName: "weight", title: "Likeness", for: .any(of: "like"))
}

extension Recipe {
  /// A folder of pictures whose statistics are matched; nil: none.
  public var like: String? {
    get { self[Settings.like] }
    set { self[Settings.like] = newValue }
  }

  /// The layers at which they are matched, with commas between them; nil: the usual ones.
  public var likeLayers: String? {
    get { self[Settings.likeLayers] }
    set { self[Settings.likeLayers] = newValue }
  }

  /// Weight of the distance from them.
  public var likeWeight: Float {
    get { self[Settings.likeWeight] }
    set { self[Settings.likeWeight] = newValue }
  }
}
