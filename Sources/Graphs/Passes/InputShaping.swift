import Blocks
import Tensors

/// How a picture N×C×H×W becomes what a graph takes.
struct InputShaping {
  /// One step of the way.
  enum Step {
    case flatten
    case squeeze([Int])
    case transpose([Int])
    /// N×(A·B)×H×W to N×A×B×H×W.
    case splitBands(Int, Int)
  }

  /// The picture's extents; nil where any will do.
  let dimensions: [Int?]
  let form: InputForm
  let steps: [Step]

  /// The order in which the axes of what is fed are taken, once it is cut; nil where they stay.
  var axisOrder: [Int]? {
    for case .transpose(let order) in steps { return order }
    return nil
  }

  private init(_ form: InputForm, _ dimensions: [Int?], _ steps: Step...) {
    (self.form, self.dimensions, self.steps) = (form, dimensions, steps)
  }

  /// The most channels of a signal or a slice: more are rows of a spectrogram.
  private static let mostChannels = 16

  /// Finds out what the graph's picture is: by its extents, and by what the graph does with it first.
  ///
  /// - Returns: nil where it is a picture already, or where it is none: names of words, for example.
  init?(_ graph: Graph) {
    let input = graph.inputs[graph.picturePlace]
    let isWhole = graph.takesWholeNumbers(input)
    guard !isWhole || [3, 5].contains(input.dimensions.count) else { return nil }
    let found: InputShaping? =
      switch input.dimensions.count {
      case 1:
        input.dimensions[0] == 1
          ? nil : Self(.signal, [1, 1, 1, input.dimensions[0]], .squeeze([0, 1, 2]))
      case 2: Self.ofTwo(input.dimensions, graph, name: input.name)
      case 3: Self.ofThree(input.dimensions, graph, name: input.name, isInteger: isWhole)
      case 5: Self.ofFive(input.dimensions, graph.firstShaping(of: input.name))
      default: nil
      }
    guard let found else { return nil }
    self = found
  }

  /// N×(C·H·W) or N×(H·W·C) that the graph makes a picture of, H×W without a batch, N×S², or N×L.
  private static func ofTwo(_ d: [Int?], _ graph: Graph, name: String) -> InputShaping? {
    // Other planes are what a signal is laid on, period by period.
    if let count = d[1], let found = graph.pictureOfRow(name, count: count),
      found.channels == 3 || found.channels == 1 && found.height == found.width
    {
      let dimensions = [d[0], found.channels, found.height, found.width]
      return found.hasChannelsLast
        ? Self(.row, dimensions, .transpose([0, 2, 3, 1]), .flatten)
        : Self(.row, dimensions, .flatten)
    }
    if graph.axesAdded(to: name, rank: 2) == [0, 1] {
      return Self(.unbatched, [1, 1, d[0], d[1]], .squeeze([0, 1]))
    }
    if let count = d[1], count < 1 << 24, graph.firstLayer(behind: name) != .ofSignals {
      let side = Int(Float(count).squareRoot().rounded())
      if side >= 4, side * side == count { return Self(.row, [d[0], 1, side, side], .flatten) }
    }
    return Self(.signal, [d[0], 1, 1, d[1]], .squeeze([1, 2]))
  }

  /// C×H×W or H×W×C without a batch, N×C×L, N×L×C, or N×H×W.
  private static func ofThree(
    _ d: [Int?], _ graph: Graph, name: String, isInteger: Bool
  ) -> InputShaping? {
    let reader = graph.firstShaping(of: name)
    let added = graph.axesAdded(to: name, rank: 3)
    // What a convolution has as many channels as, though a picture is put into its batch by some other way.
    let hasChannels =
      added.isEmpty && d[0] != 1
      && d[0].map { graph.firstLayer(behind: name) == .ofPlanes(channels: $0) } ?? false
    let lacksBatch =
      added == [0] || hasChannels || reader?.ints("perm") == [2, 0, 1]
      || reader?.type == "Resize" || isInteger && (isColors(d[0]) || isColors(d[2]))
    if lacksBatch {
      let isTurned = reader?.ints("perm") == [2, 0, 1] && isFew(d[2])
      guard isTurned || isColors(d[2]) && !isColors(d[0]) else {
        return Self(.unbatched, [1, d[0], d[1], d[2]], .squeeze([0]))
      }
      return Self(.unbatched, [1, d[2], d[0], d[1]], .squeeze([0]), .transpose([1, 2, 0]))
    }
    guard !isInteger else { return nil }
    if reader?.type == "Transpose", reader?.ints("perm") == [0, 2, 1], isFew(d[2]) {
      return Self(.signal, [d[0], d[2], 1, d[1]], .squeeze([2]), .transpose([0, 2, 1]))
    }
    if added == [1] || !isFew(d[1]) {
      return Self(.spectrogram, [d[0], 1, d[1], d[2]], .squeeze([1]))
    }
    return Self(.signal, [d[0], d[1], 1, d[2]], .squeeze([2]))
  }

  /// N×C×D×H×W, N×D×C×H×W or N×D×H×W×C.
  private static func ofFive(_ d: [Int?], _ reader: Node?) -> InputShaping? {
    guard d.compactMap({ $0 }).allSatisfy({ $0 < InputForm.Volume.mostSlices }) else { return nil }
    let isTurned = reader?.ints("perm") == [0, 4, 1, 2, 3] && isFew(d[4])
    if isTurned || isColors(d[4]) && !isColors(d[1]), let channels = d[4] {
      let depth = d[1] ?? InputForm.Volume.usualDepth
      let volume = InputForm.Volume(channels: channels, depth: depth, isSliceBySlice: false)
      return Self(
        .volume(volume), [d[0], channels * depth, d[2], d[3]], .splitBands(channels, depth),
        .transpose([0, 2, 3, 4, 1]))
    }
    if isColors(d[2]), let channels = d[2], !isColors(d[1]) {
      let depth = d[1] ?? InputForm.Volume.usualDepth
      let volume = InputForm.Volume(channels: channels, depth: depth, isSliceBySlice: true)
      return Self(
        .volume(volume), [d[0], channels * depth, d[3], d[4]], .splitBands(depth, channels))
    }
    let (channels, depth) = (d[1] ?? 1, d[2] ?? InputForm.Volume.usualDepth)
    guard isFew(channels) else { return nil }
    let volume = InputForm.Volume(channels: channels, depth: depth, isSliceBySlice: false)
    return Self(
      .volume(volume), [d[0], channels * depth, d[3], d[4]], .splitBands(channels, depth))
  }

  private static func isColors(_ extent: Int?) -> Bool { extent == 1 || extent == 3 }
  private static func isFew(_ extent: Int?) -> Bool { extent.map { $0 <= mostChannels } ?? false }
}

extension Graph {
  /// Whether an input is whole numbers, by its type or as it is cut to such before anything else: names of words,
  /// bytes of a file.
  package func takesWholeNumbers(_ input: Input) -> Bool {
    if input.isInteger { return true }
    let readers = nodes.filter { $0.inputs.contains(input.name) }
    return !readers.isEmpty
      && readers.allSatisfy { node in
        guard node.type == "Cast" else { return false }
        let type = ElementType(rawValue: node.int("to", default: 1))
        return type.isInteger && type != .uint8
      }
  }
}
