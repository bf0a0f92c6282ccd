/// How a sliding window moves along one axis of its input: the one place where output sizes, padding
/// and reach are computed.
public struct Window: Hashable, Sendable {
  /// Taps.
  public var size: Int
  /// Input positions from one window to the next.
  public var stride: Int
  /// Input positions from one tap to the next.
  public var dilation: Int
  /// Positions added before the first input position.
  public var padBefore: Int
  /// Positions added after the last input position.
  public var padAfter: Int
  /// Whether a last window that hangs over the end counts.
  public var ceil: Bool

  /// Creates a window.
  public init(
    size: Int, stride: Int = 1, dilation: Int = 1, padBefore: Int = 0, padAfter: Int = 0,
    ceil: Bool = false
  ) {
    self.size = size
    self.stride = stride
    self.dilation = dilation
    self.padBefore = padBefore
    self.padAfter = padAfter
    self.ceil = ceil
  }

  /// The positions from the first tap to the last, both included.
  package var extent: Int { dilation * (size - 1) + 1 }

  /// The number of windows over `input` positions; at most 0 if not one fits.
  ///
  /// With `ceil`, a window must still begin within the input or the padding before it, as in PyTorch.
  public func outputCount(for input: Int) -> Int {
    let room = input + padBefore + padAfter - extent
    guard room >= 0 else { return ceil && room > -stride ? 1 : 0 }
    var count = (ceil ? room + stride - 1 : room) / stride + 1
    if ceil, (count - 1) * stride >= input + padBefore { count -= 1 }
    return count
  }

  /// The input positions, some perhaps beyond its ends, that the windows cover.
  package func sources(of windows: Range<Int>) -> Range<Int> {
    let first = windows.lowerBound * stride - padBefore
    return first..<max(first, (windows.upperBound - 1) * stride - padBefore + extent)
  }

  /// How many positions beyond the ends of the input the windows reach.
  package func reach(input: Int, output: Int) -> Int {
    max(0, padBefore, (output - 1) * stride + extent - 1 - padBefore - (input - 1))
  }

  /// How many positions beyond the ends of the output's gradient the way back reaches.
  package func reachBack(input: Int, output: Int) -> Int {
    let before = (extent - 1 - padBefore) / stride
    let after = (input - 1 + padBefore) / stride - (output - 1)
    return max(0, before, after)
  }

  /// The way back in phases: the input positions that are `phase` modulo the stride receive from the
  /// taps listed, tap `tap` from the output at (position − phase) / stride + `offset`.
  package func phases() -> [(phase: Int, taps: [(tap: Int, offset: Int)])] {
    (0..<stride).map { phase in
      let taps = (0..<size).compactMap { tap -> (tap: Int, offset: Int)? in
        let distance = phase + padBefore - tap * dilation
        guard distance.isMultiple(of: stride) else { return nil }
        return (tap, distance / stride)
      }
      return (phase, taps)
    }
  }
}
