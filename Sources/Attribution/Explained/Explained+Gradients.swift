import Memory
public import Networks
import Objectives
public import Tensors

extension Explained {
  /// How many points go through the network together, the best first: more of them make no pass faster.
  private static let batches = [5, 4, 3]
  /// Bytes of the maps and tensors of one such pass, 96 MB.
  private static let batchRoom = 96 << 20

  /// Gradients at many pictures that are made one by one, such as the points of a path.
  ///
  /// Where each is one picture, some run through the network together, in a quarter less time; each has the gradient
  /// that it has alone. One by one where they do not fit into memory beside the weights of a large network.
  ///
  /// - Parameters:
  ///   - count: How many.
  ///   - rule: How gradients pass rectifiers.
  ///   - progress: Called with the fraction done, 0…1.
  ///   - pictures: Makes the pictures of a point by its number, N×C×H×W, in order; some points ahead of `use`.
  ///   - use: Takes each point's number and the gradient there, in order.
  /// - Throws: `NetworkError`, what the closures and the objective throw, and `CancellationError` when the
  ///   task is cancelled.
  public func gradients(
    at count: Int, rule: GradientRule = .standard, progress: (Double) -> Void = { _ in },
    _ pictures: (Int) throws -> Tensor, use: (Int, Tensor) throws -> Void
  ) throws {
    guard count > 0 else { return }
    let first = try pictures(0)
    let size = try batch(for: count, at: first, rule: rule)
    var done = 0
    while done < count {
      try Task.checkCancellation()
      let part = done..<min(done + size, count)
      let made = try part.map { try $0 == 0 ? first : pictures($0) }
      if size == 1 {
        try use(done, gradient(at: made[0], rule: rule))
      } else {
        // The plan takes so many; what fills the last ones up is not looked at.
        let filled = made + [Tensor](repeating: made[0], count: size - made.count)
        let all = try gradient(together: Tensor.concatenate(filled), rule: rule)
        for (place, index) in part.enumerated() {
          try use(index, all.gathered([place], alongAxis: 0))
        }
      }
      done = part.upperBound
      progress(Double(done) / Double(count))
    }
  }

  /// How many of so many points go through the network together.
  private func batch(for count: Int, at picture: Tensor, rule: GradientRule) throws -> Int {
    guard count > 2, picture.shape[0] == 1, rule.replacement == nil, !packsInUse,
      !objective.readings.isEmpty
    else { return 1 }
    // As few passes of pictures that only fill up as can be.
    let size =
      Self.batches.min { (count + $0 - 1) / $0 * $0 < (count + $1 - 1) / $1 * $1 }
      ?? Self.batches[0]
    return try plans.value(["together", rule.name, "\(size)"]) {
      do {
        return try MemoryLimit.narrowed(to: network.ownLimit()) {
          try keepsApart(picture, among: size, rule: rule) ? size : 1
        }
      } catch is NetworkError {
        // The graph takes one. What goes wrong with one too is thrown where that is used.
        return 1
      } catch is MemoryError {
        return 1
      }
    }
  }

  /// Whether what is read of a picture is the same alone and among others, and there is room for them.
  private func keepsApart(
    _ picture: Tensor, among count: Int, rule: GradientRule
  ) throws -> Bool {
    let alone = try plan(1, differentiable: false)?.forward(picture) ?? []
    let tensors = try network.tensorScalars(
      pictureShape, readings: objective.readings, rule: rule)
    let beside = tensors * count * MemoryLayout<Float>.stride
    guard beside <= Self.batchRoom, let plan = try plan(count, rule: rule),
      plan.arenaBytes + beside <= Self.batchRoom,
      plan.outputShapes.allSatisfy({ $0.dimensions.first == count })
    else { return false }
    var random = SplitMix64(seed: 1)
    let others = Tensor.uniform(batchShape(count - 1), using: &random)
    let together = try plan.forward(Tensor.concatenate([picture, others]))
    return zip(alone, together).allSatisfy { alone, together in
      let own = together.gathered([0], alongAxis: 0).reshaped(alone.shape)
      return (alone - own).norm <= 1e-6 * alone.norm
    }
  }
}
