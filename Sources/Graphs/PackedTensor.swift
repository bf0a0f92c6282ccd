import ONNX
import Synchronization
import Tensors

/// A large tensor of numbers of two bytes, as a file has them, until its numbers are asked for; floats from then on.
///
/// To list what is in a model, its weights need not be unpacked.
final class PackedTensor: Sendable {
  private enum State {
    case packed(PackedFloats)
    case unpacked(Tensor)
  }

  let shape: Shape
  private let state: Mutex<State>

  /// - Precondition: as many numbers as the shape has.
  init(_ shape: Shape, _ floats: PackedFloats) {
    precondition(floats.count == shape.count, "PackedTensor: \(floats.count) for \(shape)")
    self.shape = shape
    state = Mutex(.packed(floats))
  }

  /// The numbers, each the same as in the file.
  var tensor: Tensor {
    state.withLock { state in
      switch state {
      case .unpacked(let tensor): return tensor
      case .packed(let floats):
        let tensor = Tensor(shape) { floats.unpack(into: $0) }
        state = .unpacked(tensor)
        return tensor
      }
    }
  }
}
