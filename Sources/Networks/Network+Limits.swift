import Graphs
import Memory
package import Tensors

extension Network {
  /// Bytes that a plan for one picture may take where the file alone says the picture's size.
  private static let freeBytes = 750_000_000
  /// Bytes more for each that the file's weights take.
  private static let bytesPerByte = 1000

  /// What a plan may take for pictures of the size that the file says: a file of some kilobytes gets no gigabytes,
  /// unless somebody says so or asks for another size.
  package func ownLimit(batch: Int = 1) -> Int {
    let stored = graph.constants.values.reduce(0) { $0 + $1.count }
    return MemoryLimit.product([
      batch,
      MemoryLimit.sum(
        Self.freeBytes,
        MemoryLimit.product([Self.bytesPerByte, stored, MemoryLayout<Float>.stride])),
    ])
  }

  /// Does something for one input shape within the memory that it may take.
  func limiting<Result>(_ inputShape: Shape, _ body: () throws -> Result) rethrows -> Result {
    let extents = inputShape.dimensions
    guard extents.dropFirst() == self.inputShape().dimensions.dropFirst() else { return try body() }
    return try MemoryLimit.narrowed(to: ownLimit(batch: max(1, extents.first ?? 1)), body)
  }

  /// Refuses pictures that the network cannot be fed, before any memory is taken for them.
  ///
  /// - Throws: `NetworkError.inputShape`; `MemoryError`.
  package func checkRoom(for inputShape: Shape) throws {
    try check(inputShape)
    try limiting(inputShape) {
      try MemoryLimit.check(scalars: Self.scalars(fed: inputShape, true))
    }
  }

  /// What is held of pictures outside a plan: with a gradient, as they are written, their spectrum, transforms and
  /// an optimizer's moments.
  static func scalars(fed inputShape: Shape, _ differentiable: Bool) -> Int {
    MemoryLimit.product([inputShape.count, differentiable ? 12 : 4])
  }
}
