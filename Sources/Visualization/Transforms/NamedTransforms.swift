/// A set of transforms by its name.
public typealias NamedTransforms = Named<[any Transform]>

extension NamedTransforms {
  /// All of them; each registers where it is written.
  public static var all: [NamedTransforms] {
    [
      .robust,
      .views,
      .colors,
      .standard,
      .none,
    ]
  }
}
