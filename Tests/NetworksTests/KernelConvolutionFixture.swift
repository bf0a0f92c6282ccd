import CKernels
import Tensors
import Testing

/// A convolution's shape.
struct ConvolutionShape: CustomTestStringConvertible {
  var channels, outputs: Int
  var size: (y: Int, x: Int)
  var stride = 1, dilation = 1
  var rows, columns: Int  // of the output
  var isInterleaved = false
  var destinationPixel = 16

  var testDescription: String {
    "\(channels)→\(outputs), \(size.y)×\(size.x), stride \(stride), dilation \(dilation), "
      + "\(rows)×\(columns)\(isInterleaved ? ", interleaved" : "")"
      + "\(destinationPixel == 16 ? "" : ", strided destination")"
  }

  /// Every width from 1 to 33, each with another mix of everything else.
  static let odd: [ConvolutionShape] = (1...33).map { columns in
    let channels = [1, 3, 5, 16, 17, 40][columns % 6]
    return ConvolutionShape(
      channels: channels, outputs: [1, 16, 17, 40, 64][columns % 5],
      size: [(1, 1), (3, 3), (1, 7), (5, 2)][columns / 2 % 4],
      stride: [1, 2, 1, 3, 1, 4, 1][columns % 7], dilation: columns % 4 == 3 ? 2 : 1,
      rows: [1, 2, 7, 3][columns % 4], columns: columns,
      isInterleaved: channels < 16 && columns % 3 != 0,
      destinationPixel: columns % 5 == 4 ? 32 : 16)
  }

  /// First layers: runs of taps, and one too large to be packed.
  static let pictures = [
    ConvolutionShape(
      channels: 3, outputs: 64, size: (7, 7), stride: 2, rows: 5, columns: 29, isInterleaved: true),
    ConvolutionShape(
      channels: 1, outputs: 20, size: (2, 16), stride: 1, rows: 3, columns: 9, isInterleaved: true),
    ConvolutionShape(
      channels: 3, outputs: 17, size: (16, 16), stride: 16, rows: 2, columns: 3,
      isInterleaved: true),
    ConvolutionShape(
      channels: 4, outputs: 17, size: (16, 16), stride: 16, rows: 2, columns: 3,
      isInterleaved: true),
    ConvolutionShape(
      channels: 3, outputs: 33, size: (17, 17), stride: 1, rows: 2, columns: 5, isInterleaved: true),
  ]
}

/// A convolution of random numbers, and its definition in `Double`.
final class ConvolutionFixture {
  let shape: ConvolutionShape
  let source, destination: FeatureMap
  let before: [Float]  // what the destination holds at first
  let previous: FeatureMap  // the same as a map
  let taps: Memory<Int>
  let weights: Memory<Float>
  let epilogue: EpilogueFixture
  let isDepthwise: Bool

  init(_ shape: ConvolutionShape, parts: EpilogueParts, isDepthwise: Bool = false, seed: UInt64) {
    var random = SplitMix64(seed: seed)
    self.shape = shape
    self.isDepthwise = isDepthwise
    let outputs = isDepthwise ? shape.channels : shape.outputs
    func extent(_ outputs: Int, _ size: Int) -> Int {
      (outputs - 1) * shape.stride + (size - 1) * shape.dilation + 1
    }
    source = FeatureMap(
      channels: shape.channels, rows: extent(shape.rows, shape.size.y),
      columns: extent(shape.columns, shape.size.x), ring: 1,
      pixel: shape.isInterleaved ? shape.channels : 16, using: &random)
    var again = random
    destination = FeatureMap(
      channels: outputs, rows: shape.rows, columns: shape.columns, ring: 1,
      pixel: shape.destinationPixel, using: &random)
    previous = FeatureMap(
      channels: outputs, rows: shape.rows, columns: shape.columns, ring: 1,
      pixel: shape.destinationPixel, using: &again)
    before = destination.contents
    let map = source.map
    taps = Memory(
      (0..<shape.size.y).flatMap { y in
        (0..<shape.size.x).map { x in (y * map.row + x * map.pixel) * shape.dilation }
      })
    let perOutput = isDepthwise ? 1 : (shape.channels + 15) / 16 * 16
    weights = Memory(
      count: (outputs + 15) / 16 * 16 * taps.count * perOutput, using: &random)
    epilogue = EpilogueFixture(
      parts, channels: outputs, rows: shape.rows, columns: shape.columns, using: &random)
  }

  var kernel: kernel_convolution {
    var source = source.map
    source.row *= shape.stride
    source.pixel *= shape.stride
    return kernel_convolution(
      source: source, channels: Int32(shape.channels), taps: taps.pointer,
      tap_count: Int32(taps.count), weights: weights.pointer, destination: destination.map,
      blocks: Int32(destination.blocks), rows: Int32(shape.rows), columns: Int32(shape.columns),
      epilogue: epilogue.epilogue)
  }

  /// Runs the part of the work named, into whatever the destination holds.
  func run(blocks: Range<Int>, rows: Range<Int>) {
    var kernel = kernel
    let function = isDepthwise ? kernel_convolve_depthwise : kernel_convolve
    function(
      &kernel, Int32(blocks.lowerBound), Int32(blocks.upperBound), Int32(rows.lowerBound),
      Int32(rows.upperBound))
  }

  /// Runs all of it from the start.
  func run() {
    destination.contents = before
    run(blocks: 0..<destination.blocks, rows: 0..<shape.rows)
  }

  private func weight(_ o: Int, _ c: Int, _ t: Int) -> Double {
    if isDepthwise { return Double(weights.pointer[(o / 16 * taps.count + t) * 16 + o % 16]) }
    let block = (o / 16 * ((shape.channels + 15) / 16) + c / 16) * taps.count + t
    return Double(weights.pointer[block * 256 + c % 16 * 16 + o % 16])
  }

  /// The definition, and the bound n · 2^-24 · Σ |terms| for n rounded additions.
  func stored(
    _ o: Int, _ y: Int, _ x: Int
  ) -> (value: Double, tolerance: Double, slope: Double) {
    var sum = 0.0
    var magnitude = 0.0
    for c in isDepthwise ? o..<o + 1 : 0..<shape.channels {
      for t in 0..<taps.count {
        let (ky, kx) = (t / shape.size.x, t % shape.size.x)
        let v = source[
          c, y * shape.stride + ky * shape.dilation, x * shape.stride + kx * shape.dilation]
        let term = weight(o, c, t) * Double(v)
        sum += term
        magnitude += abs(term)
      }
    }
    let count = Double((isDepthwise ? 1 : shape.channels) * taps.count)
    return epilogue.stored(
      sum, tolerance: count * roundingError * (magnitude + 1), previous: previous[o, y, x], o, y, x)
  }

  func expected(_ o: Int, _ y: Int, _ x: Int) -> (value: Double, tolerance: Double) {
    let stored = stored(o, y, x)
    return (stored.value, stored.tolerance)
  }
}
