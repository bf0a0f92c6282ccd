import Attribution
import Networks
import Tensors

/// The places of what is explained, each with a number a channel: pixels of a picture, samples of a signal, voxels of a
/// volume.
struct Places {
  /// Channels of each place.
  let channels: Int
  /// Slices; 1 of what is no volume.
  let slices: Int
  /// Places of a slice.
  let plane: Int
  private let volume: InputForm.Volume?

  /// The places of what is fed.
  ///
  /// - Parameters:
  ///   - shape: 1×C×H×W; of a volume 1×(C·D)×H×W.
  ///   - form: What the network takes.
  init(of shape: Shape, _ form: InputForm) {
    plane = shape[2] * shape[3]
    if case .volume(let volume) = form {
      (self.volume, channels, slices) = (volume, volume.channels, volume.depth)
    } else {
      (volume, channels, slices) = (nil, shape[1], 1)
    }
  }

  /// How many there are.
  var count: Int { slices * plane }

  /// The bands of a slice's channels.
  func bands(ofSlice slice: Int) -> [Int] { volume?.bands(ofSlice: slice) ?? Array(0..<channels) }

  /// Where a channel's number of a place stands in what is fed.
  func scalar(of place: Int, _ channel: Int) -> Int {
    let (slice, rest) = place.quotientAndRemainder(dividingBy: plane)
    return (volume?.band(channel: channel, slice: slice) ?? channel) * plane + rest
  }

  /// The numbers of a place in what is fed, one a channel.
  func scalars(of place: Int) -> [Int] { (0..<channels).map { scalar(of: place, $0) } }

  /// The shape of a number a place with its slices as channels.
  ///
  /// - Parameter map: H×W; of a volume D×H×W.
  /// - Returns: 1×1×H×W; of a volume 1×D×H×W.
  func shape(of map: Tensor) -> Shape { [1, slices, map.shape[-2], map.shape[-1]] }

  /// What is fed with slices along an axis of their own, and that axis; what is no volume has one.
  ///
  /// - Parameter fed: 1×(C·D)×H×W.
  /// - Returns: Of rank 4, and the axis of slices.
  func apart(_ fed: Tensor) -> (tensor: Tensor, axis: Int) {
    let axis = volume?.isSliceBySlice == true ? 0 : 1
    let extents = volume?.bandAxes ?? [channels, slices]
    return (fed.reshaped(Shape(extents + [fed.shape[2], fed.shape[3]])), axis)
  }
}

extension Explained {
  /// The places of what is fed, 1×C×H×W; of a volume 1×(C·D)×H×W.
  func places(of fed: Tensor) -> Places { Places(of: fed.shape, network.form) }
}
