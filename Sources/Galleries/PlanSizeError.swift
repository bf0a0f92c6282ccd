/// A plan of more pictures than anybody could look at.
struct PlanSizeError: Error, CustomStringConvertible {
  /// How many it would be; nil: more than were counted.
  var count: Int?

  var description: String {
    "the plan stands for \(count.map(String.init) ?? "too many") pictures, and a gallery has at most "
      + "\(GalleryPlan.mostPictures); name fewer units or seeds, or make several plans"
  }
}
