public import Networks
import Visualization

extension ClassScores {
  /// What a network with such scores is: `a detector of 80 classes at 8400 places (strides 8, 16, 32)`.
  public var inWords: String {
    switch task {
    case .segmentation:
      let shape = heads[0].shape
      guard shape.count == 4 else {
        let sides = shape.indices.dropFirst().filter { $0 != heads[0].axis }
        let voxels = sides.map { "\(shape[$0])" }.joined(separator: "×")
        return "a segmenter of \(count.classes) at \(voxels) voxels" + guessInWords
      }
      let (height, width) = heads[0].axis == 1 ? (shape[2], shape[3]) : (shape[1], shape[2])
      return "a segmenter of \(count.classes) at \(width)×\(height) pixels" + guessInWords
    case .detection:
      let strides = Array(Set(scales.map(\.stride))).sorted().map(String.init)
      return "a detector of \(count.classes) at \(places) places"
        + (strides.isEmpty ? "" : " (strides \(strides.joined(separator: ", ")))") + linkInWords
        + (objectness.isEmpty ? "" : ", with an objectness") + guessInWords
    case .sequence:
      // Behind a sigmoid each class is by itself.
      let choice = link == .sigmoid ? count.classes : "a choice among \(count.classes)"
      let each = count == 1 ? "one number" : choice
      return "a sequence of \(places) steps, \(each) each" + linkInWords
        + guessInWords
    }
  }

  private var guessInWords: String { guess.map { "; \($0)" } ?? "" }

  private var linkInWords: String {
    link == .none || link == .other ? "" : ", before the \(link)"
  }

  /// Where a unit is read: `the 10 best of 8400 places, 7 at stride 16, 3 at stride 32`.
  ///
  /// - Parameter places: The places.
  /// - Returns: What stands behind “is read at”.
  public func inWords(_ places: [Int]) -> String {
    if task == .segmentation {
      return "the \(heads[0].shape.count == 4 ? "pixels" : "voxels") that it takes for the class"
    }
    if task == .sequence { return "the \(places.count) best of \(self.places) steps" }
    let counts = Dictionary(grouping: places.compactMap { scale(of: $0)?.stride }, by: { $0 })
      .mapValues(\.count).sorted { $0.key < $1.key }
    let strides = counts.map { "\($0.value) at stride \($0.key)" }
    return "the \(places.count) best of \(self.places) places"
      + (strides.isEmpty ? "" : ", " + strides.joined(separator: ", "))
  }
}

extension Int {
  /// `1 class`, `80 classes`.
  fileprivate var classes: String { "\(self) \(self == 1 ? "class" : "classes")" }
}
