import Autodiff
import Foundation
import Tensors
import Testing

@testable import Blocks
@testable import Graphs

/// Points between pixels, as PyTorch and onnxruntime place them.
@Suite struct SamplingTests {
  private func resized(_ count: Int, by factor: Float, _ attributes: [String: String]) throws
    -> [Float]
  {
    let c = OperatorCase(
      "Resize", [[count]], attributes.mapValues { .string($0) },
      constants: [nil, floats([1], factor)])
    return try c.apply([Variable(Tensor([count], (0..<count).map { Float($0) }))]).value.scalars
  }

  /// 9 · 1.5 is 13.5: of 13 elements the last stands on the last of 9.
  @Test("Corners are aligned to the extent that there is, not to the one that the factor means")
  func alignedCorners() throws {
    let result = try resized(
      9, by: 1.5, ["mode": "linear", "coordinate_transformation_mode": "align_corners"])
    #expect(result.count == 13)
    for (i, value) in result.enumerated() { #expect(abs(value - Float(i) * 8 / 12) < 1e-5) }
    let single = try resized(
      3, by: 0.4, ["mode": "linear", "coordinate_transformation_mode": "align_corners"])
    #expect(single == [0])
  }

  /// 17 / 1.7 is 10 in single precision and less in double, since 1.7 is not.
  @Test("A nearest element is found in single precision")
  func nearest() throws {
    let result = try resized(
      11, by: 1.7,
      [
        "mode": "nearest", "coordinate_transformation_mode": "asymmetric", "nearest_mode": "floor",
      ])
    #expect(result.count == 18 && result[17] == 10)
  }

  /// Keys's cubic with a = −0.75.
  private func cubic(_ distance: Double) -> Double {
    let (t, a) = (abs(distance), -0.75)
    if t <= 1 { return ((a + 2) * t - (a + 3)) * t * t + 1 }
    return t < 2 ? ((a * t - 5 * a) * t + 8 * a) * t - 4 * a : 0
  }

  @Test(
    "A cubic beside the border sees the border's pixel again and again, from where it stands",
    arguments: [-1.4, -1.1, -0.9, 0, 0.95, 1.2, 1.6])
  func cubicBorder(_ coordinate: Double) throws {
    let row: [Float] = [0.3, -1.2, 0.8, 2.1, -0.4]
    let c = OperatorCase(
      "GridSample", [[1, 1, 1, 5], [1, 1, 1, 2]],
      ["mode": .string("cubic"), "padding_mode": .string("border")], opset: 20)
    let result = try c.apply([
      Variable(Tensor([1, 1, 1, 5], row)), Variable(Tensor([1, 1, 1, 2], [Float(coordinate), 0])),
    ]).value.scalars[0]
    let place = (coordinate + 1) * 2.5 - 0.5
    let first = Int(place.rounded(.down)) - 1
    let expected = (first...first + 3).reduce(0.0) { sum, index in
      sum + cubic(Double(index) - place) * Double(row[max(0, min(4, index))])
    }
    #expect(abs(Double(result) - expected) < 1e-5)
  }
}
