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

  /// Reads the conventions of a file's `metadata_props`: `input.color`, `input.range`, `input.mean`,
  /// `input.std`.
  ///
  /// - Returns: `nil` where the file says nothing of the kind.
  public init?(metadata: [String: String]) {
    let keys = ["input.color", "input.range", "input.mean", "input.std"]
    guard keys.contains(where: { metadata[$0] != nil }) else { return nil }
    self.init()
    if let color = metadata["input.color"] {
      self.color = Color.allCases.first { $0.rawValue.lowercased() == color.lowercased() } ?? .rgb
    }
    let range = Self.numbers(metadata["input.range"])
    if range.count == 2 { (rangeLower, rangeUpper) = (range[0], range[1]) }
    mean = Self.numbers(metadata["input.mean"])
    standardDeviation = Self.numbers(metadata["input.std"])
  }

  private static func numbers(_ text: String?) -> [Float] {
    (text ?? "").split(separator: ",").compactMap {
      Float($0.filter { !$0.isWhitespace })
    }
  }

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
