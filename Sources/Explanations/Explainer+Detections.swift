import Imaging
public import Networks
import Objectives
import Portraits
import Tensors

extension Explainer {
  /// What is explained of a detector's classes in one photograph.
  public struct Located: Sendable {
    /// What is explained, each class where it is seen.
    public let subjects: [SaliencyMap.Subject]
    /// The photograph with the boxes drawn on it.
    public let photograph: Photograph
    /// What was seen, a sentence a class.
    public let notes: [String]
  }

  /// Reads a detector's classes where a photograph shows them: at the places of their boxes, each thing once; a
  /// segmenter's at the pixels of the photograph that it takes for them, which stay the same however methods change it.
  ///
  /// - Parameters:
  ///   - subjects: What is to be explained.
  ///   - photograph: The photograph.
  ///   - isEach: Whether each box is explained by itself, and not all of a class together.
  /// - Returns: The subjects, of which those that are no classes of a detector or a segmenter stay as they are;
  ///   classes that are not seen are read at their best places.
  /// - Throws: `NetworkError`.
  public func located(
    _ subjects: [SaliencyMap.Subject], in photograph: Photograph, isEach: Bool
  ) throws -> Located {
    var all: [SaliencyMap.Subject] = []
    var boxes: [(Detection, String)] = []
    var notes: [String] = []
    for subject in subjects {
      guard subject.second == nil, let (index, scores) = subject.first.score else {
        all.append(subject)
        continue
      }
      let name = subject.title
      let seen = try network.detections(
        of: [index], in: photograph.input, scores: scores, shapes: shapes, feed: feed,
        threads: threads)
      guard !seen.isEmpty else {
        all.append(try held(subject, in: photograph))
        if scores.task == .detection {
          let why =
            network.hasBoxes(of: scores, in: shapes)
            ? "no box above \(Int(Detection.threshold * 100)) %"
            : "the file has no boxes of its places that could be drawn"
          notes.append(
            "\(name): \(why); explained at its \(ClassScores.bestCount) best of \(scores.places) places."
          )
        }
        continue
      }
      let units = seen.enumerated().map { place, one in
        let unit = network.unit(.score(index, of: scores, places: [one.place]), of: .classes)
        return (seen.count > 1 && isEach ? unit.named("\(name) \(place + 1)") : unit, one)
      }
      boxes += units.enumerated().map { place, unit in
        (
          unit.1,
          "\(name)\(seen.count > 1 ? " \(place + 1)" : "") \(Int(unit.1.confidence * 100)) %"
        )
      }
      let how = seen.count == 1 ? "" : isEach ? ", each explained" : ", explained together"
      let guess = seen[0].guess.map { "; \($0)" } ?? ""
      notes.append("\(name): \(seen.count) box\(seen.count == 1 ? "" : "es")\(how)\(guess).")
      all +=
        isEach
        ? units.map { SaliencyMap.Subject(Subject($0.0)) }
        : [
          SaliencyMap.Subject(
            Subject(
              network.unit(.score(index, of: scores, places: seen.map(\.place)), of: .classes)))
        ]
    }
    return Located(subjects: all, photograph: photograph.drawing(boxes), notes: notes)
  }

  /// A segmenter's class at the pixels of a photograph that it takes for it: the sum of the same pixels, however methods
  /// change the picture.
  ///
  /// - Parameters:
  ///   - unit: The unit.
  ///   - photograph: The photograph.
  /// - Returns: The unit as it is where it is no such class or no pixel is taken for it.
  /// - Throws: `NetworkError`.
  public func held(_ unit: NetworkUnit, in photograph: Photograph) throws -> NetworkUnit {
    guard case .score(let index, let scores, nil) = unit.kind, scores.task == .segmentation else {
      return unit
    }
    let plan = try network.plan(
      inputShape: photograph.input.shape, readings: [Reading(.value(scores.heads[0].value))],
      feed: feed, differentiable: false, threads: threads)
    let pixels = scores.pixels(of: index, in: try plan.forward(photograph.input)[0])
    if pixels.isEmpty { return unit }
    return network.unit(.score(index, of: scores, places: pixels), of: .classes)
  }

  /// The same of what is explained.
  public func held(
    _ subject: SaliencyMap.Subject, in photograph: Photograph
  ) throws -> SaliencyMap.Subject {
    guard subject.second == nil, case .unit(let unit) = subject.first.kind else { return subject }
    return SaliencyMap.Subject(Subject(try held(unit, in: photograph)))
  }
}

extension Photograph {
  /// The photograph with boxes and what they are.
  func drawing(_ boxes: [(Detection, String)]) -> Photograph {
    guard !boxes.isEmpty else { return self }
    var drawn = picture.flattened()
    let line = max(2, min(drawn.width, drawn.height) / 200)
    let lettering = Lettering(size: Double(max(11, 6 * line)), weight: .semibold)
    for (place, (detection, words)) in boxes.enumerated() {
      let ink = LinePlot.palette[place % LinePlot.palette.count]
      let (left, top) = point(detection.box.left, detection.box.top)
      let (right, bottom) = point(detection.box.right, detection.box.bottom)
      drawn.fill(ink, x: left, y: top, width: right - left, height: line)
      drawn.fill(ink, x: left, y: bottom - line, width: right - left, height: line)
      drawn.fill(ink, x: left, y: top, width: line, height: bottom - top)
      drawn.fill(ink, x: right - line, y: top, width: line, height: bottom - top)
      let height = Int(lettering.capHeight) + 4 * line
      let row = max(0, top - height + line)
      drawn.fill(
        ink, x: left, y: row, width: Int(lettering.width(of: words)) + 4 * line, height: height)
      drawn.draw(
        words, x: Double(left + 2 * line), baseline: row + height - 2 * line,
        color: Color(0xFFFFFF),
        lettering: lettering)
    }
    return Photograph(
      name: name, picture: drawn, framing: framing, input: input, classes: classes, labels: labels)
  }

  /// A point of the network's picture, in shares of it, on the photograph.
  private func point(_ x: Float, _ y: Float) -> (x: Int, y: Int) {
    func place(
      _ share: Float, _ frame: Int, _ first: Int, _ count: Int, _ start: Int, _ length: Int
    ) -> Int {
      let inside = (Float(frame) * share - Float(first)) / Float(count)
      return start + Int((min(max(inside, 0), 1) * Float(length)).rounded())
    }
    return (
      place(
        x, framing.frame.width, framing.place.x, framing.place.width, framing.part.x,
        framing.part.width),
      place(
        y, framing.frame.height, framing.place.y, framing.place.height, framing.part.y,
        framing.part.height)
    )
  }
}
