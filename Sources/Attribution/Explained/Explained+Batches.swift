import Blocks
import Memory
import Networks
import Objectives
public import Tensors

extension Explained {
  /// Does something with as many pictures at a time as the graph takes: with all, or one by one where the
  /// batch of 1 that it was exported with is written into it.
  ///
  /// - Parameters:
  ///   - pictures: N×C×H×W.
  ///   - work: From pictures to tensors with one part a picture along axis 0.
  /// - Returns: The tensors of all pictures.
  /// - Throws: `NetworkError`, and what `work` throws.
  func inBatches(_ pictures: Tensor, _ work: (Tensor) throws -> [Tensor]) throws -> [Tensor] {
    let count = pictures.shape[0]
    if takes(count) { return try work(pictures) }
    let parts = try (0..<count).map { try work(pictures.gathered([$0], alongAxis: 0)) }
    return parts[0].indices.map { index in Tensor.concatenate(parts.map { $0[index] }) }
  }

  /// The objective of many pictures that are made one by one, such as masked or perturbed copies of one.
  ///
  /// They run through the network a batch at a time, on all threads; memory does not grow with their number.
  ///
  /// - Parameters:
  ///   - count: How many.
  ///   - batch: How many run through the network at a time, where the graph takes so many.
  ///   - progress: Called with the fraction done, 0…1.
  ///   - picture: Makes one by its number, of the shape `pictureShape`.
  /// - Returns: A number a picture.
  /// - Throws: `NetworkError`, what the objective throws, and `CancellationError` when the task is cancelled.
  public func values(
    of count: Int, batch: Int = 1, progress: (Double) -> Void = { _ in },
    _ picture: (Int) throws -> Tensor
  ) throws -> [Float] {
    var values: [Float] = []
    try self.values(of: count, batch: batch, progress: progress, picture) { values.append($1) }
    return values
  }

  /// The same, each value handed on as soon as it is known.
  ///
  /// - Parameters:
  ///   - count: How many.
  ///   - batch: How many run through the network at a time, where the graph takes so many.
  ///   - progress: Called with the fraction done, 0…1.
  ///   - picture: Makes one by its number, of the shape `pictureShape`.
  ///   - use: Takes each picture's number and its value, in order; at most `batch` pictures were made since.
  /// - Throws: `NetworkError`, what the closures and the objective throw, and `CancellationError` when the
  ///   task is cancelled.
  public func values(
    of count: Int, batch: Int = 1, progress: (Double) -> Void = { _ in },
    _ picture: (Int) throws -> Tensor, use: (Int, Float) throws -> Void
  ) throws {
    precondition(batch >= 1, "Explained: batches of \(batch)")
    guard count > 0 else { return }
    let (size, plan) = try forwardPlan(for: min(batch, count))
    var pictures = Tensor(batchShape(size))
    var done = 0
    while done < count {
      try Task.checkCancellation()
      let part = done..<min(done + size, count)
      for (place, index) in part.enumerated() { pictures.put(try picture(index), at: place) }
      let values = try self.values(at: pictures, plan: plan).scalars
      for (place, index) in part.enumerated() { try use(index, values[place]) }
      done = part.upperBound
      progress(Double(done) / Double(count))
    }
  }

  /// The shape of so many pictures.
  func batchShape(_ count: Int) -> Shape {
    Shape([count] + pictureShape.dimensions.dropFirst())
  }

  /// A plan for so many pictures, or for one where the graph or the memory allows no more; no plan where
  /// nothing is read of the network.
  private func forwardPlan(for count: Int) throws -> (size: Int, plan: Plan?) {
    let size = takes(count) ? count : 1
    do {
      // Pictures that are made beside one that somebody asked for get no more than that has.
      return (
        size,
        try MemoryLimit.narrowed(to: network.ownLimit()) { try plan(size, differentiable: false) }
      )
    } catch is MemoryError where size > 1 {
      return (1, try plan(1, differentiable: false))
    }
  }

  /// Whether so many pictures go through the graph together, each on its own.
  ///
  /// What keeps them from it keeps one picture from it too, and is thrown there, or it is the batch of 1.
  private func takes(_ count: Int) -> Bool {
    if count == 1 { return true }
    return plans.value(["batch", "\(count)"]) {
      // What goes wrong in a trial goes wrong again where its result is used, and is thrown there.
      let isApart = try? plans.sharingThreads {
        try network.keepsPicturesApart(
          inputShape: batchShape(count), readings: objective.readings, feed: feed, threads: threads)
      }
      return isApart ?? false
    }
  }
}

extension Tensor {
  /// Puts one picture into its place of a batch.
  fileprivate mutating func put(_ picture: Tensor, at place: Int) {
    precondition(
      Array(picture.shape.dimensions.dropFirst()) == Array(shape.dimensions.dropFirst()),
      "Explained: a picture of \(picture.shape) for batches of \(shape)")
    withUnsafeMutableBufferPointer { out in
      picture.withUnsafeBufferPointer { x in
        for i in x.indices { out[place * x.count + i] = x[i] }
      }
    }
  }
}
