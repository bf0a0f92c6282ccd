import Foundation
import Networks
import Tensors

/// Boxes of heads with three anchors that a file hands out as its convolutions yield them, decoded as YOLOv5 does.
///
/// The middle of a box is (2σ(x) − ½ + cell) · stride, its width and height (2σ(w))² · anchor. Source: YOLOv5, `Detect` in
/// models/yolo.py. Which anchors a network was trained with, no file says: those are taken that the projects publish.
struct AnchoredBoxes: PlacedBoxes {
  /// Width and height of an anchor in pixels, three for each stride.
  private typealias Anchors = [Int: [(width: Float, height: Float)]]

  let values: [String]
  let guess: String?
  private let scores: ClassScores
  private let anchors: Anchors

  /// Takes heads whose numbers are a box, an objectness and classes, on the grids of strides that there are anchors for;
  /// nil for others, and for files that are called after those that decode otherwise.
  init?(_ network: Network, _ scores: ClassScores) {
    let name = network.name.lowercased()
    let versions = name.components(separatedBy: "yolo").dropFirst().compactMap(Self.version)
    let isOther = name.contains("darknet") || versions.contains { (2...4).contains($0) }
    let strides = Set(scores.scales.map(\.stride))
    // The smallest YOLOv7 has the anchors of YOLOv5, and those of four strides have the same in both.
    let known: [(whose: String, anchors: Anchors)] =
      if !versions.contains(7) {
        [("YOLOv5", Self.ofFive), ("YOLOv5", Self.ofSix)]
      } else if name.contains("tiny") {
        [("YOLOv7-tiny", Self.ofFive), ("YOLOv5", Self.ofSix)]
      } else {
        [("YOLOv7", Self.ofSeven), ("YOLOv7", Self.ofSix)]
      }
    guard !isOther, let (whose, anchors) = known.first(where: { Set($0.anchors.keys) == strides }),
      scores.scales.count == scores.heads.count,
      scores.heads.allSatisfy({ $0.first == 5 && $0.step == 5 + scores.count && $0.grid != nil }),
      scores.scales.allSatisfy({ $0.anchors == 3 })
    else { return nil }
    values = scores.heads.map(\.value)
    (self.scores, self.anchors) = (scores, anchors)
    guess = "boxes are decoded as \(whose)'s, by its anchors for COCO"
  }

  /// The version that a name goes on with behind `yolo`: 3 of `v3-416`, `-v3-tf` and `3`; nil where none stands there, or
  /// only a size.
  private static func version(_ rest: String) -> Int? {
    func words(_ text: Substring) -> Substring { text.drop { !$0.isLetter && !$0.isNumber } }
    let own = words(rest[...])
    let number = own.first == "v" ? words(own.dropFirst()) : rest[...]
    return Int(number.prefix(while: \.isNumber))
  }

  func boxes(_ values: [Tensor], picture: Shape) -> [Detection.Box] {
    let numbers = (0..<4).map { number in
      scores.numbers(number, in: values).map { 1 / (1 + exp(-$0)) }
    }
    let (across, down) = (Float(picture[3]), Float(picture[2]))
    var first = 0
    return zip(scores.heads, scores.scales).flatMap { head, scale in
      defer { first += scale.count }
      let anchors = self.anchors[scale.stride] ?? []
      let (cells, stride) = (scale.width * scale.height, Float(scale.stride))
      return (0..<scale.count).map { place in
        let (anchor, cell) =
          head.hasAnchorsFirst ? (place / cells, place % cells) : (place % 3, place / 3)
        let (x, y) = (Float(cell % scale.width), Float(cell / scale.width))
        func number(_ index: Int) -> Float { 2 * numbers[index][first + place] }
        let middle = ((number(0) - 0.5 + x) * stride, (number(1) - 0.5 + y) * stride)
        let width = number(2) * number(2) * anchors[anchor].width
        let height = number(3) * number(3) * anchors[anchor].height
        return Detection.Box(
          left: (middle.0 - width / 2) / across, top: (middle.1 - height / 2) / down,
          right: (middle.0 + width / 2) / across, bottom: (middle.1 + height / 2) / down)
      }
    }
  }

  /// Source: YOLOv5, models/yolov5s.yaml; YOLOv7, cfg/deploy/yolov7-tiny.yaml.
  private static let ofFive: Anchors = [
    8: [(10, 13), (16, 30), (33, 23)], 16: [(30, 61), (62, 45), (59, 119)],
    32: [(116, 90), (156, 198), (373, 326)],
  ]
  /// Source: YOLOv5, models/hub/yolov5s6.yaml; YOLOv7, cfg/deploy/yolov7-w6.yaml.
  private static let ofSix: Anchors = [
    8: [(19, 27), (44, 40), (38, 94)], 16: [(96, 68), (86, 152), (180, 137)],
    32: [(140, 301), (303, 264), (238, 542)], 64: [(436, 615), (739, 380), (925, 792)],
  ]
  /// Source: YOLOv7, cfg/deploy/yolov7.yaml.
  private static let ofSeven: Anchors = [
    8: [(12, 16), (19, 36), (40, 28)], 16: [(36, 75), (76, 55), (72, 146)],
    32: [(142, 110), (192, 243), (459, 401)],
  ]
}
