import Blocks
import Tensors

/// Who changes pictures within a small radius so that the network errs: projected gradient ascent of the loss.
///
/// Source: Madry et al., "Towards Deep Learning Models Resistant to Adversarial Attacks", ICLR 2018.
public struct Adversary: Sendable, Equatable {
  /// What the radius measures.
  public enum Norm: String, Sendable, CaseIterable {
    /// The Euclidean length of the change, over all pixels and channels.
    case l2
    /// The greatest change of a channel.
    case linf
  }

  /// What the radius measures.
  public var norm: Norm
  /// How far a picture in 0…1 may be changed.
  public var radius: Float
  /// Steps of ascent.
  public var steps: Int
  /// The length of a step, as a share of the radius.
  public var stepShare: Float
  /// Whether the ascent begins anywhere within the radius, or at the picture.
  public var startsAtRandom: Bool

  /// Creates an adversary.
  ///
  /// - Parameters:
  ///   - norm: What the radius measures.
  ///   - radius: How far a picture may be changed.
  ///   - steps: Steps of ascent.
  ///   - stepShare: The length of a step as a share of the radius; by default 1 for one step and 2.5 / steps
  ///     for more.
  ///   - startsAtRandom: Whether the ascent begins anywhere within the radius.
  public init(
    norm: Norm, radius: Float, steps: Int = 1, stepShare: Float? = nil,
    startsAtRandom: Bool = true
  ) {
    (self.norm, self.radius, self.steps) = (norm, radius, steps)
    self.stepShare = stepShare ?? (steps == 1 ? 1 : 2.5 / Float(steps))
    self.startsAtRandom = startsAtRandom
  }

  /// Reads `l2:1`, `linf:0.03`, and with a number of steps `l2:1x3`.
  public init(_ text: String) throws {
    let parts = text.split(separator: ":")
    let numbers = parts.count == 2 ? parts[1].split(separator: "x") : []
    guard let norm = parts.first.flatMap({ Norm(rawValue: String($0)) }),
      let radius = numbers.first.flatMap({ Float($0) }), radius > 0, radius.isFinite,
      numbers.count <= 2, let steps = numbers.count == 2 ? Int(numbers[1]) : 1,
      (1...1000).contains(steps)
    else {
      throw TrainingError.settings(
        "'\(text)' is no adversary; write for example l2:1, linf:0.03, or l2:1x3 for 3 steps")
    }
    self.init(norm: norm, radius: radius, steps: steps)
  }

  /// Changes pictures so that the loss rises.
  ///
  /// - Parameters:
  ///   - pictures: In 0…1; the results stay in 0…1 and within the radius.
  ///   - labels: Their classes.
  ///   - network: Who is to err.
  ///   - reach: The share of the radius to be used.
  ///   - mode: How the network normalizes.
  ///   - seed: Where the starts come from.
  /// - Returns: The changed pictures.
  func attack(
    _ pictures: Tensor, labels: [Int], on network: TrainableNetwork, reach: Float = 1,
    mode: NormalizationMode, seed: UInt64
  ) -> Tensor {
    let radius = radius * reach
    var changed = pictures
    if startsAtRandom {
      update(&changed, network.pool) { image, x in
        var random = SplitMix64(seed: seed &+ UInt64(image) &* 0xD1B5_4A32_D192_ED03)
        addStart(to: x, radius: radius, using: &random)
      }
      project(&changed, around: pictures, radius: radius, network.pool)
    }
    for _ in 0..<steps {
      network.forward(changed, mode: mode)
      _ = network.crossEntropy(labels)
      network.backward(toWeights: false, toInput: true)
      let gradient = network.pictureGradient()
      gradient.withUnsafeBufferPointer { gradient in
        update(&changed, network.pool) { image, x in
          let g = UnsafeBufferPointer(rebasing: gradient[image * x.count..<(image + 1) * x.count])
          ascend(x, along: g, by: stepShare * radius)
        }
      }
      project(&changed, around: pictures, radius: radius, network.pool)
    }
    return changed
  }

  private func update(
    _ pictures: inout Tensor, _ pool: ThreadPool,
    _ body: (Int, UnsafeMutableBufferPointer<Float>) -> Void
  ) {
    let batch = pictures.shape[0]
    pictures.withUnsafeMutableBufferPointer { pictures in
      let each = pictures.count / max(batch, 1)
      pool.run(batch) {
        body($0, UnsafeMutableBufferPointer(rebasing: pictures[$0 * each..<($0 + 1) * each]))
      }
    }
  }

  /// Anywhere in the cube, or anywhere in the ball: a normal direction, its length as of a uniform draw.
  private func addStart(
    to x: UnsafeMutableBufferPointer<Float>, radius: Float, using random: inout SplitMix64
  ) {
    switch norm {
    case .linf:
      for i in x.indices { x[i] += Float.random(in: -radius...radius, using: &random) }
    case .l2:
      let direction = Tensor.normal([x.count], using: &random)
      // In so many dimensions nearly all of a ball lies at its surface; a uniform length explores more.
      let length = radius * Float.random(in: 0...1, using: &random)
      direction.withUnsafeBufferPointer { direction in
        let scale = length / max(Self.length(direction), 1e-12)
        for i in x.indices { x[i] += scale * direction[i] }
      }
    }
  }

  private func ascend(
    _ x: UnsafeMutableBufferPointer<Float>, along g: UnsafeBufferPointer<Float>, by step: Float
  ) {
    switch norm {
    case .linf:
      for i in x.indices { x[i] += g[i] > 0 ? step : g[i] < 0 ? -step : 0 }
    case .l2:
      let scale = step / max(Self.length(g), 1e-20)
      for i in x.indices { x[i] += scale * g[i] }
    }
  }

  /// Back into the radius, and then into 0…1, which leads no further away.
  private func project(
    _ changed: inout Tensor, around pictures: Tensor, radius: Float, _ pool: ThreadPool
  ) {
    pictures.withUnsafeBufferPointer { pictures in
      update(&changed, pool) { image, x in
        let center = UnsafeBufferPointer(
          rebasing: pictures[image * x.count..<(image + 1) * x.count])
        var scale: Float = 1
        if norm == .l2 {
          var squares = 0.0
          for i in x.indices { squares += Double((x[i] - center[i]) * (x[i] - center[i])) }
          scale = min(1, radius / max(Float(squares.squareRoot()), 1e-20))
        }
        for i in x.indices {
          var d = (x[i] - center[i]) * scale
          if norm == .linf { d = min(radius, max(-radius, d)) }
          x[i] = min(1, max(0, center[i] + d))
        }
      }
    }
  }

  private static func length(_ x: UnsafeBufferPointer<Float>) -> Float {
    var sum = 0.0
    for value in x { sum += Double(value * value) }
    return Float(sum.squareRoot())
  }
}
