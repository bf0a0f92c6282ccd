package import Blocks
package import Tensors

extension Node {
  /// The largest size, stride, dilation or padding of a window that is believed.
  package static let largestWindow = 1 << 20

  /// A node's window along one spatial axis, whatever way it states its padding.
  ///
  /// - Parameters:
  ///   - axis: 0 for the first spatial axis.
  ///   - rank: The number of spatial axes.
  ///   - size: The window's size along it.
  ///   - input: The input's extent along it.
  /// - Returns: The window.
  /// - Throws: `NetworkError` where no such window can be.
  package func window(
    axis: Int, rank: Int, size: Int, input: Int
  ) throws -> Window {
    let stride = ints("strides")?[checked: axis] ?? 1
    let dilation = ints("dilations")?[checked: axis] ?? 1
    guard (1...Self.largestWindow).contains(size), (1...Self.largestWindow).contains(stride),
      (1...Self.largestWindow).contains(dilation)
    else {
      throw NetworkError.invalidNode(
        title, reason: "window \(size), stride \(stride), dilation \(dilation)")
    }
    var window = Window(size: size, stride: stride, dilation: dilation)
    window.ceil = int("ceil_mode", default: 0) != 0
    switch string("auto_pad", default: "NOTSET") {
    case "SAME_UPPER", "SAME_LOWER":
      let output = (input + stride - 1) / stride
      let total = max(0, (output - 1) * stride + window.extent - input)
      window.padBefore =
        string("auto_pad", default: "") == "SAME_UPPER" ? total / 2 : (total + 1) / 2
      window.padAfter = total - window.padBefore
    case "VALID": break
    default:
      window.padBefore = ints("pads")?[checked: axis] ?? 0
      window.padAfter = ints("pads")?[checked: axis + rank] ?? 0
    }
    guard (0...Self.largestWindow).contains(window.padBefore),
      (0...Self.largestWindow).contains(window.padAfter)
    else {
      throw NetworkError.invalidNode(
        title, reason: "padding of \(window.padBefore) and \(window.padAfter)")
    }
    return window
  }

  /// Both windows of a node over an N×C×H×W or N×C×L shape; a row has the trivial vertical one.
  package func windows(
    sizes: [Int], shape: Shape
  ) throws -> (vertical: Window, horizontal: Window) {
    if shape.rank == 3 {
      return (
        Window(size: 1),
        try window(axis: 0, rank: 1, size: sizes[checked: 0] ?? 1, input: shape[2])
      )
    }
    return (
      try window(axis: 0, rank: 2, size: sizes[checked: 0] ?? 1, input: shape[2]),
      try window(axis: 1, rank: 2, size: sizes[checked: 1] ?? 1, input: shape[3])
    )
  }

  /// The windows of a transposed convolution, described as the convolution that it is the way back of, and
  /// the extents of its result.
  ///
  /// - Parameters:
  ///   - sizes: The windows' sizes, one a spatial axis.
  ///   - inputs: The extents of the spatial axes.
  /// - Returns: The windows and the extents.
  /// - Throws: `NetworkError` where no such windows can be.
  package func transposedWindows(
    sizes: [Int], inputs: [Int]
  ) throws -> (windows: [Window], extents: [Int]) {
    var windows: [Window] = []
    var extents: [Int] = []
    var plain = self
    plain.attributes["auto_pad"] = .string("NOTSET")
    for (axis, input) in inputs.enumerated() {
      var window = try plain.window(
        axis: axis, rank: inputs.count, size: sizes[axis], input: input)
      let more = ints("output_padding")?[checked: axis] ?? 0
      let whole = (input - 1) * window.stride + window.extent
      let mode = string("auto_pad", default: "NOTSET")
      let wanted =
        ints("output_shape")?.suffix(inputs.count).dropFirst(axis).first
        ?? (mode.hasPrefix("SAME") ? input * window.stride : nil)
      guard (0...Self.largestWindow).contains(more), (wanted ?? 1) > 0,
        (wanted ?? 1) <= Self.largestWindow
      else {
        throw NetworkError.invalidNode(title, reason: "output padding \(more)")
      }
      var extent = whole + more - window.padBefore - window.padAfter
      if let wanted {
        let total = max(0, whole + more - wanted)
        window.padBefore = mode == "SAME_UPPER" ? total / 2 : total - total / 2
        extent = wanted
      }
      guard extent > 0 else {
        throw NetworkError.invalidNode(title, reason: "its result would be empty")
      }
      window.padAfter = 0
      windows.append(window)
      extents.append(extent)
    }
    return (windows, extents)
  }
}
