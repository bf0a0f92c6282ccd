import Plans
import Tensors

/// What has to be done to a picture before the network may see it.
///
/// Order, range, mean and standard deviation of its channels. Getting this wrong is the commonest mistake in the field, and silent.
public struct Preprocessing: Sendable, Equatable {
  /// The order of the channels.
  public enum Color: String, Sendable, CaseIterable {
    case rgb = "RGB"
    case bgr = "BGR"
    case gray
    /// Channels that are no colours, in the order of the network.
    case bands
  }

  /// The order of the network's channels.
  public var color: Color
  /// The value of white, in the scale of `mean` and `standardDeviation`; black is `rangeLower`.
  public var rangeUpper: Float
  /// The value of black.
  public var rangeLower: Float
  /// Subtracted from each channel, in the order of `color`.
  public var mean: [Float]
  /// What each channel is divided by after that.
  public var standardDeviation: [Float]

  /// Creates a preprocessing; the default leaves pictures in 0…1 as they are.
  public init(
    color: Color = .rgb, rangeLower: Float = 0, rangeUpper: Float = 1, mean: [Float] = [],
    standardDeviation: [Float] = []
  ) {
    self.color = color
    self.rangeLower = rangeLower
    self.rangeUpper = rangeUpper
    self.mean = mean
    self.standardDeviation = standardDeviation
  }

  /// Mean and standard deviation of ImageNet's pictures in 0…1: torchvision's and timm's models.
  public static let imagenet = Preprocessing(
    mean: [0.485, 0.456, 0.406], standardDeviation: [0.229, 0.224, 0.225])
  /// BGR, 0…255, less the mean of ImageNet's pictures: models that come from Caffe.
  public static let caffe = Preprocessing(color: .bgr, rangeUpper: 255, mean: [104, 117, 123])
  /// −1…1: most of TensorFlow's models.
  public static let tensorflow = Preprocessing(rangeLower: -1, rangeUpper: 1)

  /// Whether two preparations do the same to pictures of so many channels, however they are written.
  public func isSame(as other: Preprocessing, channels: Int) -> Bool {
    channelMap(channels: channels) == other.channelMap(channels: channels)
  }

  /// How a picture's channels, RGB in 0…1, become the network's.
  func channelMap(channels: Int) -> ChannelMap {
    var map = ChannelMap(channels: channels)
    if color == .bgr, channels == 3 { map.order = [2, 1, 0] }
    for i in 0..<channels {
      let mean = mean[checked: i] ?? mean.first ?? 0
      let deviation = standardDeviation[checked: i] ?? standardDeviation.first ?? 1
      map.scale[i] = (rangeUpper - rangeLower) / deviation
      map.shift[i] = (rangeLower - mean) / deviation
    }
    return map
  }
}
