import Attribution
import Foundation
import Imaging
import Networks
import Portraits
public import Tensors

extension SaliencyMap {
  /// What of a map goes into a file of numbers.
  public enum Channels: String, Sendable, CaseIterable {
    /// Each channel by itself: C×H×W; of signals, volumes and other numbers the network's own input's axes. Where the
    /// method has no number for each of those, as together.
    case each
    /// A number a position: H×W; of a signal L, of a volume D×H×W.
    case together
  }

  /// Where the numbers of a file lie.
  public enum Grid: String, Sendable, CaseIterable {
    /// As the method yields them: the network's pixels, or a layer's positions.
    case network
    /// The photograph's own pixels; what the network was not shown is NaN.
    case picture
  }

  /// The map's numbers as the method yields them, not averaged.
  ///
  /// - Parameters:
  ///   - channels: Each by itself, or a number a position.
  ///   - grid: The network's pixels or the photograph's.
  ///   - photograph: The photograph.
  /// - Returns: C×H×W or H×W; of signals, volumes and other numbers the axes of the network's own input, or a number
  ///   a sample or voxel.
  public func numbers(
    _ channels: Channels, on grid: Grid, of photograph: Photograph
  ) -> Tensor {
    if let axes = photograph.axes {
      return numbers(
        attribution, together: shown.map, channels, on: grid, of: photograph, axes)
    }
    return numbers(attribution, together: shown.map, channels, on: grid, of: photograph)
  }

  /// The numbers of what is no photograph; together where the method has none for each of the input's.
  private func numbers(
    _ attribution: Tensor, together shown: Tensor, _ channels: Channels, on grid: Grid,
    of photograph: Photograph, _ axes: InputAxes
  ) -> Tensor {
    let (input, form) = (photograph.input.shape, photograph.form)
    if channels == .each, attribution.shape == input { return axes.asInFile(attribution, form) }
    var map = shown
    if form == .signal {
      let isUnsigned = method.registered.kind == .unsigned
      let row = isUnsigned ? map.maximum(alongAxes: [0]) : map.sum(alongAxes: [0])
      map = row.reshaped([1, 1, 1, row.count])
      if grid == .picture { map = map.enlarged(height: 1, width: input[3]) }
      return map.reshaped([map.count])
    }
    guard grid == .picture else { return map }
    if case .volume(let volume) = form { map = map.enlarged(depth: volume.depth) }
    return map.shape[-2] == input[2] && map.shape[-1] == input[3]
      ? map : map.enlarged(height: input[2], width: input[3])
  }

  /// The standard errors of the numbers of each channel, where they are means over random draws.
  ///
  /// - Parameters:
  ///   - grid: The network's pixels or the photograph's.
  ///   - photograph: The photograph.
  /// - Returns: C×H×W, 1×H×W where the method has a number a pixel; of signals, volumes and other numbers the axes
  ///   of the network's own input, or a number a sample or voxel.
  public func standardErrors(on grid: Grid, of photograph: Photograph) -> Tensor? {
    standardError.map { error in
      photograph.axes.map {
        numbers(
          error, together: Self.planes(of: error, photograph.form), .each, on: grid,
          of: photograph, $0)
      } ?? numbers(error, together: error, .each, on: grid, of: photograph)
    }
  }

  /// Standard errors with the axes that a shown map has; one plane stands for all channels.
  private static func planes(of error: Tensor, _ form: InputForm) -> Tensor {
    switch form {
    case .signal, .volume: error.reshaped(Shape(Array(error.shape.dimensions.dropFirst())))
    default:
      error.gathered([0], alongAxis: 1).reshaped(Shape(error.shape.dimensions.suffix(2)))
    }
  }

  private func numbers(
    _ attribution: Tensor, together map: Tensor, _ channels: Channels, on grid: Grid,
    of photograph: Photograph
  ) -> Tensor {
    let shape = attribution.shape
    let all =
      channels == .each
      ? attribution.reshaped([shape[1], shape[2], shape[3]])
      : map.reshaped([1, shape[2], shape[3]])
    let placed =
      grid == .network
      ? all
      : Tensor.concatenate(
        (0..<all.shape[0]).map { channel in
          photograph.placed(
            all.gathered([channel], alongAxis: 0).reshaped([shape[2], shape[3]]))
        })
    return channels == .each ? placed : placed.reshaped(Shape(placed.shape.dimensions.suffix(2)))
  }

  /// A JSON object with the numbers and everything that is known of them.
  ///
  /// - Parameters:
  ///   - numbers: What `numbers(_:on:of:)` returned.
  ///   - photograph: The photograph.
  ///   - modelSHA256: The network's hash.
  /// - Returns: The content of the file; what is not a number is null.
  /// - Throws: Where it cannot be encoded.
  public func json(
    _ numbers: Tensor, of photograph: Photograph, modelSHA256: String
  ) throws -> [UInt8] {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    let framing = photograph.framing
    let record = Record(
      picture: photograph.fileName, unit: subject.description, method: method.title,
      layers: layers.isEmpty ? nil : layers,
      modelSHA256: modelSHA256, value: value, probability: probability, sum: sum,
      shouldBe: total, largest: largest, shape: numbers.shape.dimensions,
      largestStandardError: standardError?.scalars.max(),
      part: photograph.isOfNumbers
        ? nil : [framing.part.x, framing.part.y, framing.part.width, framing.part.height],
      values: numbers.scalars.map { $0.isFinite ? $0 : nil })
    return Array(try encoder.encode(record)) + Array("\n".utf8)
  }

  /// What a file in JSON says.
  private struct Record: Encodable {
    let picture: String
    let unit: String
    let method: String
    /// Those that the map is made of; nil of a method that takes none.
    let layers: [String]?
    let modelSHA256: String
    let value: Float
    let probability: Float?
    let sum: Float?
    let shouldBe: Float?
    let largest: Float
    let shape: [Int]
    let largestStandardError: Float?
    /// Left, top, width and height of the part of the photograph that the network was shown; nil of numbers.
    let part: [Int]?
    /// Row by row.
    let values: [Float?]
  }
}

extension Photograph {
  /// A map in the photograph's pixels; NaN where the network was shown nothing.
  func placed(_ map: Tensor) -> Tensor {
    let (width, height) = (picture.width, picture.height)
    let (inside, place) = framing.unframed(map, width: width, height: height)
    var values = [Float](repeating: .nan, count: width * height)
    let scalars = inside.scalars
    for y in 0..<place.height {
      let start = (place.y + y) * width + place.x
      values.replaceSubrange(
        start..<start + place.width, with: scalars[y * place.width..<(y + 1) * place.width])
    }
    return Tensor([1, height, width], values)
  }
}

/// A table with a line a row of a map, numbers between commas.
///
/// - Parameter map: H×W; of a volume D×H×W, the rows of a slice below those of the one before it; of a signal L, a
///   line a sample.
/// - Returns: The content of the file; what is not a number is left empty.
public func commaSeparated(_ map: Tensor) -> [UInt8] {
  precondition(map.shape.rank >= 1, "commaSeparated: a map of \(map.shape)")
  let (scalars, width) = (map.scalars, map.shape.rank == 1 ? 1 : map.shape[-1])
  var text = ""
  for y in 0..<map.count / max(width, 1) {
    text += scalars[y * width..<(y + 1) * width].map { $0.isFinite ? "\($0)" : "" }
      .joined(separator: ",")
    text += "\n"
  }
  return Array(text.utf8)
}
