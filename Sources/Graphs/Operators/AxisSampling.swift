import Autodiff
import Blocks
import Tensors

/// How a resize reads an axis: where its points lie, and what each sees there.
package struct AxisSampling {
  private let transformation: String
  private let mode: String
  private let rounding: String
  private let cubicSlope: Double
  private let excludesOutside: Bool
  private let antialiases: Bool

  /// Whether nothing is interpolated.
  var isNearest: Bool { mode == "nearest" }
  /// Whether the result shows a part of the input, or what lies beyond it.
  var crops: Bool { transformation == "tf_crop_and_resize" }

  init(_ call: TapeCall) throws {
    let node = call.node
    // Before operator set 11 there was one way only.
    let old = node.opset < 11 || node.type == "Upsample"
    transformation = node.string(
      "coordinate_transformation_mode", default: old ? "asymmetric" : "half_pixel")
    mode = node.string("mode", default: "nearest")
    rounding = node.string("nearest_mode", default: old ? "floor" : "round_prefer_floor")
    cubicSlope = Double(node.float("cubic_coeff_a", default: -0.75))
    excludesOutside = node.int("exclude_outside", default: 0) != 0
    antialiases = node.int("antialias", default: 0) != 0
    try call.require(
      ["nearest", "linear", "bilinear", "cubic"].contains(mode), "the mode '\(mode)'")
    try call.require(
      [
        "half_pixel", "half_pixel_symmetric", "pytorch_half_pixel", "align_corners", "asymmetric",
        "tf_half_pixel_for_nn", "tf_crop_and_resize",
      ].contains(transformation), "the coordinates '\(transformation)'")
  }

  /// The points of the axis, in its elements, that the elements of the result show.
  func points(extent: Int, _ target: Operator.AxisTarget) -> [Double] {
    // A region may name any numbers.
    (0..<target.extent).map { index in
      // PyTorch and onnxruntime reckon in single precision, which decides where a point lies between two
      // elements: 17 / 1.7 is 10.
      let point =
        isNearest
        ? Double(point(Float(index), extent: extent, target))
        : point(Double(index), extent: extent, target)
      return point.isNaN ? 0 : max(-0x1p40, min(0x1p40, point))
    }
  }

  private func point<Scalar: BinaryFloatingPoint>(
    _ i: Scalar, extent: Int, _ target: Operator.AxisTarget
  ) -> Scalar {
    let (old, new, scale) = (Scalar(extent), Scalar(target.extent), Scalar(target.scale))
    switch transformation {
    case "align_corners": return new == 1 ? 0 : i * (old - 1) / (new - 1)
    case "asymmetric": return i / scale
    case "tf_half_pixel_for_nn": return (i + 0.5) / scale
    case "pytorch_half_pixel": return new > 1 ? (i + 0.5) / scale - 0.5 : 0
    case "half_pixel_symmetric":
      let offset = old / 2 * (1 - new / (scale * old))
      // In single precision so far; onnxruntime 1.32 goes on in double.
      return Scalar(Double(offset) + (Double(i) + 0.5) / Double(scale) - 0.5)
    case "tf_crop_and_resize":
      let (start, end) = (Scalar(target.region.start), Scalar(target.region.end))
      return new > 1
        ? start * (old - 1) + i * (end - start) * (old - 1) / (new - 1)
        : 0.5 * (start + end) * (old - 1)
    default: return (i + 0.5) / scale - 0.5
    }
  }

  /// The element that stands for a point.
  ///
  /// Within 1e-6 of the middle between two a point is in the middle, as in onnxruntime 1.32: in single precision,
  /// 9.5 / (19 / 14) − 0.5 is 6.5000005.
  func nearest(_ point: Double, extent: Int) -> Int {
    let below = point.rounded(.down)
    let isMiddle = abs(point - below - 0.5) < 1e-6
    let rounded =
      switch rounding {
      case "floor": below
      case "ceil": point.rounded(.up)
      case "round_prefer_ceil": isMiddle ? below + 1 : (point + 0.5).rounded(.down)
      default: isMiddle ? below : (point - 0.5).rounded(.up)
      }
    return max(0, min(extent - 1, Int(rounded)))
  }

  /// The elements that are averaged for a point; those beyond the ends are the end's own again.
  func taps(_ point: Double, extent: Int, scale: Double) -> [AxisMap.Tap] {
    // A low-pass filter is as wide as the elements of the result.
    let density = antialiases ? min(scale, 1) : 1
    let radius = (mode == "cubic" ? 2 : 1) / density
    var taps: [(index: Int, weight: Double)] = []
    for index in Int((point - radius).rounded(.down)) + 1..<Int((point + radius).rounded(.up)) {
      let weight = weight((Double(index) - point).magnitude * density)
      if excludesOutside, !(0..<extent).contains(index) { continue }
      taps.append((max(0, min(extent - 1, index)), weight))
    }
    let sum = taps.reduce(0) { $0 + $1.weight }
    let divisor = (antialiases || excludesOutside) && sum != 0 ? sum : 1
    return taps.map { AxisMap.Tap($0.index, Float($0.weight / divisor)) }
  }

  /// The interpolation's kernel; Keys's cubic, 1981.
  private func weight(_ distance: Double) -> Double {
    guard mode == "cubic" else { return max(0, 1 - distance) }
    let (t, a) = (distance, cubicSlope)
    if t <= 1 { return ((a + 2) * t - (a + 3)) * t * t + 1 }
    return t < 2 ? ((a * t - 5 * a) * t + 8 * a) * t - 4 * a : 0
  }
}
