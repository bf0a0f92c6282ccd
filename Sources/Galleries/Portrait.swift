import Autodiff
public import Imaging
public import Networks
import Objectives
import Tensors
public import Visualization

/// The picture of a unit and what it does to the unit.
public struct Portrait: Sendable {
  /// The picture, as large as it is shown.
  public let picture: Picture
  /// The unit's value for the first picture of the ascent.
  public let before: Float
  /// The unit's value for the last.
  public let after: Float
  /// What the network thinks the picture is of that class; nil where the unit is no class.
  public let probability: Float?

  /// Creates a portrait.
  public init(picture: Picture, before: Float, after: Float, probability: Float? = nil) {
    (self.picture, self.before, self.after) = (picture, before, after)
    self.probability = probability
  }
}

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
  let size = item.settings.size ?? PixelSize(height: 224, width: 224)
  let shape = network.inputShape(size: (size.height, size.width))
  let logits = try network.logits(in: network.shapes(inputShape: shape))
  let pictures = PictureNetwork(network, threads: threads)
  guard [1, 3].contains(shape[1]) else { throw ChannelsError(count: shape[1]) }
  let start = try item.settings.start.map { path in
    let colors = try Picture(contentsOf: path).covering(width: size.width, height: size.height)
      .tensor
    return shape[1] == 3 ? colors : colors.luma
  }
  let rendering = try item.settings.recipe.render(
    Objective(item.unit), in: pictures, shape: shape,
    startingFrom: start, progress: progress)
  var probability: Float?
  if case .logit(let index) = item.unit.kind, let logits {
    let model = try pictures.compile(
      readings: [Reading(logits.value)], inputShape: shape, redirecting: false)
    let scores = try model.activations(Variable(rendering.picture))[0]
    probability = scores.reshaped(to: [logits.count]).softmax().value.scalars[index]
  }
  let picture = Picture(rendering.picture)
  return Portrait(
    picture: picture.resized(
      width: picture.width * item.scale, height: picture.height * item.scale),
    before: rendering.initialValue, after: rendering.finalValue, probability: probability)
}

extension Tensor {
  /// Grey from red, green and blue, as ITU-R BT.601 weighs them: (1, 1, height, width).
  fileprivate var luma: Tensor {
    (self * Tensor([1, 3, 1, 1], [0.299, 0.587, 0.114])).sum(alongAxes: [1], keepingAxes: true)
  }
}

/// A network whose inputs are no pictures.
struct ChannelsError: Error, CustomStringConvertible {
  let count: Int

  var description: String {
    "the network takes \(count) channels; pictures have 3 (colours) or 1 (grey)"
  }
}
