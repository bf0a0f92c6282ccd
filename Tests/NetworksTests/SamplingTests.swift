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

  /// Elements of results that stand in the middle between two but for rounding, as onnxruntime 1.32 reads them.
  @Test(
    "The middle between two elements is one in spite of rounding",
    arguments: [
      ("half_pixel", "round_prefer_floor", 14, 19, 9, 6),
      ("half_pixel", "round_prefer_floor", 22, 13, 6, 10),
      ("half_pixel", "round_prefer_ceil", 14, 1, 0, 7),
      ("half_pixel", "round_prefer_ceil", 20, 6, 4, 15),
      ("asymmetric", "round_prefer_floor", 11, 26, 13, 5),
      ("asymmetric", "round_prefer_floor", 23, 14, 7, 11),
      ("asymmetric", "round_prefer_ceil", 7, 2, 1, 4),
      ("asymmetric", "round_prefer_ceil", 7, 4, 2, 4),
      ("asymmetric", "round_prefer_ceil", 10, 12, 9, 8),
      ("half_pixel_symmetric", "round_prefer_floor", 24, 28, 17, 14),
      ("tf_half_pixel_for_nn", "round_prefer_ceil", 15, 9, 4, 8),
      ("pytorch_half_pixel", "round_prefer_floor", 14, 31, 15, 6),
    ])
  func middle(
    _ coordinates: String, _ rounding: String, _ old: Int, _ new: Int, _ place: Int, _ element: Int
  ) throws {
    let c = OperatorCase(
      "Resize", [[old]],
      [
        "mode": .string("nearest"), "coordinate_transformation_mode": .string(coordinates),
        "nearest_mode": .string(rounding),
      ],
      constants: [nil, nil, Constant(Tensor([1], [Float(new)]), isInteger: true)])
    let result = try c.apply([Variable(Tensor([old], (0..<old).map { Float($0) }))]).value.scalars
    #expect(result.count == new && result[place] == Float(element))
  }

  /// What onnxruntime 1.32 makes of it.
  @Test("A batch norm of operator set 7 may have parameters for every place")
  func activationNormalization() throws {
    let c = OperatorCase(
      "BatchNormalization", [[2, 2, 2], [2, 2], [2, 2], [2, 2], [2, 2]],
      ["spatial": .int(0), "epsilon": .float(0.01)], opset: 7)
    let x = Tensor([2, 2, 2], (0..<8).map { Float($0) / 4 - 1 })
    let parameters: [[Float]] = [
      [1, 2, 3, -1], [0.5, 0, -0.5, 1], [0.25, -0.5, 0, 1], [1, 0.25, 4, 0.5],
    ]
    let result = try c.apply(
      [Variable(x)] + parameters.map { Variable(Tensor([2, 2], $0)) }
    ).value.scalars
    let expected: [Float] = [
      -0.7437964, -0.9805806, -1.2490642, 2.75035, 0.25124073, 2.941742, 0.24906427, 1.35007,
    ]
    for (one, other) in zip(result, expected) { #expect(abs(one - other) < 1e-5) }
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
