import ONNX
import Synchronization
import Tensors

/// A large tensor whose numbers are made when they are asked for: from the few bytes each that a file has, or by
/// computing them; floats from then on.
///
/// To list what is in a model, its weights need not be unpacked.
final class PackedTensor: Sendable {
  private enum State {
    case packed(@Sendable () -> Tensor)
    case unpacked(Tensor)
  }

  let shape: Shape
  private let state: Mutex<State>

  /// - Parameters:
  ///   - shape: How many there are.
  ///   - make: Makes them, in the shape.
  init(_ shape: Shape, by make: @escaping @Sendable () -> Tensor) {
    self.shape = shape
    state = Mutex(.packed(make))
  }

  /// - Precondition: as many numbers as the shape has.
  convenience init(_ shape: Shape, _ numbers: PackedNumbers) {
    precondition(numbers.count == shape.count, "PackedTensor: \(numbers.count) for \(shape)")
    self.init(shape) { Tensor(shape) { numbers.unpack(into: $0) } }
  }

  /// The same, unpacked by itself.
  var apart: PackedTensor {
    state.withLock {
      if case .packed(let make) = $0 { PackedTensor(shape, by: make) } else { self }
    }
  }

  /// Whether nobody has asked for the numbers yet.
  var isPacked: Bool {
    state.withLock { if case .packed = $0 { true } else { false } }
  }

  /// The numbers, each the same as in the file.
  var tensor: Tensor {
    state.withLock { state in
      switch state {
      case .unpacked(let tensor): return tensor
      case .packed(let make):
        let tensor = make()
        precondition(tensor.shape == shape, "PackedTensor: \(tensor.shape) for \(shape)")
        state = .unpacked(tensor)
        return tensor
      }
    }
  }
}
