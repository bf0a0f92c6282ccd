/// What a file takes as its picture; whatever it is, N×C×H×W is fed and becomes that first.
public enum InputForm: Sendable, Hashable {
  /// Pictures, N×C×H×W or N×H×W×C.
  case picture
  /// A row of numbers, N×P: a grey picture of S×S where they are S², or the picture that the graph makes of them first.
  case row
  /// One picture without a batch: C×H×W, H×W×C or H×W.
  case unbatched
  /// Numbers over time, N×C×L, N×L×C, N×L or L: a picture of one row with C bands.
  case signal
  /// Rows of numbers such as a spectrogram, N×H×W: a grey picture.
  case spectrogram
  /// A volume or a film, N×C×D×H×W, N×D×C×H×W or N×D×H×W×C: a picture with C·D bands.
  case volume(Volume)

  /// How the bands of a volume lie.
  public struct Volume: Sendable, Hashable {
    /// Channels of each slice.
    public let channels: Int
    /// Slices or frames.
    public let depth: Int
    /// Whether all channels of the first slice come before those of the second.
    public let isSliceBySlice: Bool

    package init(channels: Int, depth: Int, isSliceBySlice: Bool) {
      (self.channels, self.depth, self.isSliceBySlice) = (channels, depth, isSliceBySlice)
    }

    /// The slices of a volume whose file leaves their number open.
    package static let usualDepth = 16
    /// The most slices.
    package static let mostSlices = 1 << 12

    /// The band of a slice's channel.
    public func band(channel: Int, slice: Int) -> Int {
      isSliceBySlice ? slice * channels + channel : channel * depth + slice
    }

    /// The bands of a slice's channels, in their order.
    public func bands(ofSlice slice: Int) -> [Int] {
      (0..<channels).map { band(channel: $0, slice: slice) }
    }

    /// The extents of the axes of slices and channels, in the order in which bands lie.
    package var bandAxes: [Int] { isSliceBySlice ? [depth, channels] : [channels, depth] }

    /// The slice that a band belongs to.
    public func slice(ofBand band: Int) -> Int {
      isSliceBySlice ? band / channels : band % depth
    }
  }

  /// What the file takes, in words; nothing where it is a picture.
  public var inWords: String? {
    switch self {
    case .picture: nil
    case .row: "a row of numbers"
    case .unbatched: "one picture without a batch"
    case .signal: "a signal"
    case .spectrogram: "rows of numbers, as of a spectrogram"
    case .volume(let volume):
      volume.channels == 3
        ? "\(volume.depth) frames in colour" : "a volume of \(volume.depth) slices"
    }
  }

  /// Whether a photograph can be shown to it.
  public var takesPhotographs: Bool {
    switch self {
    case .picture, .row, .unbatched, .spectrogram: true
    case .signal, .volume: false
    }
  }
}
