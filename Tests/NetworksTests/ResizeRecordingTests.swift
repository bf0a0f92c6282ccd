import Autodiff
import Foundation
import Tensors
import TestSupport
import Testing

@testable import Blocks
@testable import Graphs

/// Which elements onnxruntime 1.32 takes where points lie on elements or in the middle between two, but for rounding.
@Suite struct ResizeRecordingTests {
  /// A line of `resizing.txt`, which `Conformance/resizing.py` records.
  private struct Recorded: CustomStringConvertible {
    let description: String
    let coordinates: String
    let rounding: String
    let old: Int
    /// `nil` where the new extent is given: `sizes`.
    let factor: Float?
    let part: [Float]
    let elements: [Float]

    init(_ line: Substring) throws {
      let words = line.split(separator: " ").map(String.init)
      (description, coordinates, rounding) = (String(line), words[0], words[1])
      old = try #require(Int(words[2]))
      factor = Float(words[4])
      part = try words[5...6].map { try #require(Float($0)) }
      elements = try words[7...].map { try #require(Float($0)) }
      try #require(elements.count == Int(words[3]))
    }

    func resized() throws -> [Float] {
      let c = OperatorCase(
        "Resize", [[old]],
        [
          "mode": .string("nearest"), "coordinate_transformation_mode": .string(coordinates),
          "nearest_mode": .string(rounding), "extrapolation_value": .float(-1),
        ],
        constants: [
          Constant(Tensor([2], part)), factor.map { floats([1], $0) },
          factor == nil
            ? Constant(Tensor([1], [Float(elements.count)]), isInteger: true) : nil,
        ])
      return try c.apply([Variable(Tensor([old], (0..<old).map { Float($0) }))]).value.scalars
    }
  }

  /// `height_scale` and `width_scale` are the first operator set's, which onnxruntime has no more.
  @Test("the first Upsample has a factor for rows and one for columns")
  func first() throws {
    let c = OperatorCase(
      "Upsample", [[1, 1, 2, 2]], ["height_scale": .float(2), "width_scale": .float(3)], opset: 1)
    let result = try c.apply([Variable(Tensor([1, 1, 2, 2], [1, 2, 3, 4]))]).value
    #expect(result.shape == [1, 1, 4, 6])
    let rows: [[Float]] = [[1, 1, 1, 2, 2, 2], [3, 3, 3, 4, 4, 4]]
    #expect(result.scalars == rows[0] + rows[0] + rows[1] + rows[1])
  }

  @Test("nearest elements, and how many there are, are onnxruntime's in all 240 cases")
  func nearest() throws {
    let text = try String(contentsOf: Recordings.file("resizing.txt"), encoding: .utf8)
    let lines = text.split(separator: "\n")
    #expect(lines.count >= 240)
    for line in lines {
      let recorded = try Recorded(line)
      let found = try recorded.resized()
      #expect(found == recorded.elements, "\(recorded)")
    }
  }
}
