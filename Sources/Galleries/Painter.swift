public import Networks
public import Portraits
public import Visualization

/// Makes one picture of a gallery.
///
/// - Parameters:
///   - item: What is wanted.
///   - network: The network, shared by all.
///   - threads: How many threads share the work on this picture.
///   - progress: To be called before every update; what it throws ends the ascent.
public typealias Painter =
  @Sendable (
    _ item: GalleryItem, _ network: Network, _ threads: Int, _ progress: (Step) throws -> Void
  ) throws -> Portrait

/// Makes a picture as `visualize --unit` does.
@Sendable public func paint(
  _ item: GalleryItem, _ network: Network, _ threads: Int, _ progress: (Step) throws -> Void
) throws -> Portrait {
  try PreparedPortrait(of: item.subject, by: item.recipe, in: network)
    .painted(threads: threads, progress: progress)
}
