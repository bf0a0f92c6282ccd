import Autodiff
import Networks
public import Objectives
public import Tensors

/// A picture with more of whatever an objective finds in it, from coarse to fine.
///
/// At every octave, the picture and what was dreamt so far are brought to the octave's size; steps along the
/// gradient follow, each divided by the mean of its sizes, of the picture shifted at random. Source: Mordvintsev
/// et al., “Inceptionism”, 2015; google/deepdream, `dream.ipynb`.
///
/// ```swift
/// let dream = try DeepDream().picture(from: photograph, of: .deepDream("mixed4c"), in: PictureNetwork(network))
/// ```
public struct DeepDream: Hashable, Sendable {
  /// How many sizes, the last of them the picture's own.
  public var octaves = 4

  /// By how much a size is larger than the one before.
  public var ratio = 1.4

  /// How many steps at each size.
  public var steps = 10

  /// The mean change of a pixel by a step, in shares of the way from black to white; 1.5 of 255 in the source.
  public var stepSize: Float = 1.5 / 255

  /// By how many pixels at most pictures are shifted, around their edges, before a step.
  public var jitter = 32

  /// What the shifts follow from.
  public var seed: UInt64 = 0

  /// Creates a dream as in the source.
  public init() {}

  /// The smallest height or width of an octave, in pixels: below, most networks see nothing.
  private static let smallest = 32

  /// The sizes of a picture on the way, the smallest first.
  ///
  /// - Parameter size: The picture's.
  /// - Returns: At most as many as there are octaves, none with a side below 32 pixels but the picture's own.
  public func sizes(of size: PictureSize) -> [PictureSize] {
    var sizes = [size]
    var (height, width) = (Double(size.height), Double(size.width))
    for _ in 1..<max(octaves, 1) {
      (height, width) = (height / ratio, width / ratio)
      let next = PictureSize(height: Int(height.rounded()), width: Int(width.rounded()))
      guard min(next.height, next.width) >= Self.smallest else { break }
      sizes.append(next)
    }
    return sizes.reversed()
  }

  /// Dreams.
  ///
  /// - Parameters:
  ///   - picture: 1×C×H×W in 0…1, of any size that the network takes.
  ///   - objective: What there is to be more of.
  ///   - network: The network.
  ///   - progress: Called before every step with the number of steps done, the objective's value and the picture as
  ///     it is, at its full size; what it throws ends the dream.
  /// - Returns: 1×C×H×W in 0…1.
  /// - Throws: `VisualizationError`, `CancellationError`, and what the network and `progress` throw.
  public func picture(
    from picture: Tensor, of objective: Objective, in network: any VisualizableNetwork,
    progress: (_ step: Int, _ value: Float, _ picture: () -> Tensor) throws -> Void = { _, _, _ in }
  ) throws -> Tensor {
    let pool = ThreadPool(threads: network.threads)
    defer { pool.stop() }
    return try ThreadPool.$current.withValue(pool) {
      var random = SplitMix64(seed: seed)
      let whole = PictureSize(height: picture.shape[2], width: picture.shape[3])
      var detail: Tensor?
      var done = 0
      for base in bases(of: picture) {
        let size = PictureSize(height: base.shape[2], width: base.shape[3])
        var dreamt = detail.map { base + $0.brought(to: size) } ?? base
        let model = try network.compile(
          readings: objective.readings, inputShape: base.shape, redirecting: false)
        for _ in 0..<steps {
          try Task.checkCancellation()
          let shift = (0..<2).map { _ in Int.random(in: -jitter...jitter, using: &random) }
          let (value, gradient) = try ascent(of: objective, at: dreamt.rolled(by: shift), in: model)
          try check(value, gradient, step: done)
          try progress(done, value) { picture + (dreamt - base).brought(to: whole) }
          let mean = gradient.absolute().mean
          dreamt = (dreamt + gradient.rolled(by: shift.map { -$0 }) * (stepSize / mean))
            .map { min(max($0, 0), 1) }
          done += 1
        }
        detail = dreamt - base
      }
      return detail.map { picture + $0 } ?? picture
    }
  }

  /// The picture at all sizes, the smallest first, each made from the next so that none skips pixels.
  private func bases(of picture: Tensor) -> [Tensor] {
    let sizes = sizes(of: PictureSize(height: picture.shape[2], width: picture.shape[3]))
    return sizes.dropLast().reversed().reduce(into: [picture]) { bases, size in
      bases.insert(bases[0].brought(to: size), at: 0)
    }
  }

  /// The objective's value and gradient at a picture.
  private func ascent(
    of objective: Objective, at picture: Tensor, in model: any DifferentiableModel
  ) throws -> (Float, Tensor) {
    let (value, gradients) = try valueWithGradient(at: [picture]) { inputs in
      let activations = try model.activations(inputs[0])
      return try objective.value(
        Evaluation(
          picture: inputs[0], input: inputs[0],
          activations: Dictionary(uniqueKeysWithValues: zip(objective.readings, activations))))
    }
    return (value, gradients[0])
  }

  private func check(_ value: Float, _ gradient: Tensor, step: Int) throws {
    guard value.isFinite, gradient.isFinite else { throw VisualizationError.diverged(step: step) }
    guard gradient.norm > 0 else { throw VisualizationError.noGradient(step: step) }
  }
}

extension Tensor {
  /// Pictures at another size, bilinearly.
  fileprivate func brought(to size: PictureSize) -> Tensor {
    if shape[2] == size.height, shape[3] == size.width { return self }
    return Variable(self).resized(height: size.height, width: size.width).value
  }

  /// Pictures shifted down and to the right, what goes over an edge coming in at the other.
  fileprivate func rolled(by shift: [Int]) -> Tensor {
    var result = self
    for (axis, distance) in zip([2, 3], shift) {
      let extent = shape[axis]
      let places = (0..<extent).map { (($0 - distance) % extent + extent) % extent }
      result = result.gathered(places, alongAxis: axis)
    }
    return result
  }
}
