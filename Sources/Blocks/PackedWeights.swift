import Synchronization
import Tensors

/// Weights as a kernel reads them, which plans of one network share while any of them lives.
///
/// They hold the tensor that they were packed from, so that nobody changes it in place.
final class PackedWeights: Sendable {
  /// What they were packed from, and how.
  struct Key: Hashable {
    /// The tensor's memory.
    let source: ObjectIdentifier
    let shape: Shape
    let taps: [Int]
    let group, groups, lanes, channelsPerLane: Int
    let back: Bool
    /// Outputs a side of a tile of Winograd's method.
    let side: Int?
  }

  private let source: Tensor
  private let key: Key
  private let buffer: FloatBuffer

  /// The first float.
  var pointer: UnsafeMutablePointer<Float> { buffer.pointer }

  private init(_ buffer: FloatBuffer, of source: Tensor, key: Key) {
    (self.buffer, self.source, self.key) = (buffer, source, key)
  }

  deinit {
    Self.known.withLock { known in
      if known[key]?.weights == nil { known[key] = nil }
    }
  }

  struct Entry {
    weak var weights: PackedWeights?
  }

  /// All that live.
  static let known = Mutex<[Key: Entry]>([:])

  /// The weights packed so, made where no plan has them.
  static func packed(
    _ key: Key, of source: Tensor, _ make: () -> FloatBuffer
  ) -> PackedWeights {
    if let found = known.withLock({ $0[key]?.weights }) { return found }
    let made = PackedWeights(make(), of: source, key: key)
    return known.withLock { known in
      if let found = known[key]?.weights { return found }
      known[key] = Entry(weights: made)
      return made
    }
  }
}
