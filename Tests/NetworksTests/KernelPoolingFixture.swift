import CKernels
import Tensors
import Testing

/// A pooling window over a map.
struct PoolingShape: CustomTestStringConvertible {
  var channels, rows, columns: Int
  var size: (y: Int, x: Int)
  var stride = 1, dilation = 1, pad = 0

  var testDescription: String {
    "\(channels)×\(rows)×\(columns), \(size.y)×\(size.x), stride \(stride), dilation \(dilation), "
      + "pad \(pad)"
  }

  /// As if by ceil mode: the last window may hang over the border.
  func outputs(_ n: Int, _ size: Int) -> Int {
    max(0, (n + 2 * pad - (size - 1) * dilation - 1 + stride - 1) / stride) + 1
  }

  static let odd: [PoolingShape] =
    (1...33).map { columns in
      PoolingShape(
        channels: [1, 16, 40][columns % 3], rows: [2, 7, 5][columns % 3], columns: columns,
        size: [(3, 3), (2, 2), (1, 3), (5, 2)][columns % 4], stride: [1, 2, 3, 4, 2][columns % 5],
        dilation: columns % 7 == 6 ? 2 : 1, pad: columns % 2)
    } + [
      PoolingShape(channels: 20, rows: 7, columns: 7, size: (7, 7), stride: 7),
      PoolingShape(channels: 3, rows: 16, columns: 16, size: (16, 16), stride: 16),
    ]
}

/// A pooling's maps, and which inputs each output covers.
struct PoolingFixture {
  let shape: PoolingShape
  let input, output: FeatureMap
  let epilogue: EpilogueFixture  // over the input: for the backward pass
  let scaleY, scaleX: Memory<Float>
  let winners: Memory<UInt8>

  init(_ shape: PoolingShape, parts: EpilogueParts, seed: UInt64) {
    var random = SplitMix64(seed: seed)
    self.shape = shape
    input = FeatureMap(
      channels: shape.channels, rows: shape.rows, columns: shape.columns, ring: 1, using: &random)
    output = FeatureMap(
      channels: shape.channels, rows: shape.outputs(shape.rows, shape.size.y),
      columns: shape.outputs(shape.columns, shape.size.x), pixel: 32, using: &random)
    epilogue = EpilogueFixture(
      parts, channels: shape.channels, rows: shape.rows, columns: shape.columns, using: &random)
    scaleY = Memory(count: output.rows, using: &random)
    scaleX = Memory(count: output.columns, using: &random)
    winners = Memory(count: output.blocks * output.rows * output.columns * 16, repeating: 255)
  }

  var kernel: kernel_pooling {
    kernel_pooling(
      input: input.map, output: output.map, input_rows: Int32(input.rows),
      input_columns: Int32(input.columns), output_rows: Int32(output.rows),
      output_columns: Int32(output.columns), size_y: Int32(shape.size.y),
      size_x: Int32(shape.size.x), stride_y: Int32(shape.stride), stride_x: Int32(shape.stride),
      dilation_y: Int32(shape.dilation), dilation_x: Int32(shape.dilation),
      pad_y: Int32(shape.pad), pad_x: Int32(shape.pad))
  }

  /// The inputs under the window of an output, in row-major order.
  func window(_ y: Int, _ x: Int) -> [(y: Int, x: Int)] {
    (0..<shape.size.y).flatMap { ky in
      (0..<shape.size.x).map { kx in
        (
          y: y * shape.stride - shape.pad + ky * shape.dilation,
          x: x * shape.stride - shape.pad + kx * shape.dilation
        )
      }
    }.filter { (0..<input.rows).contains($0.y) && (0..<input.columns).contains($0.x) }
  }

  /// Adds up what outputs send back: `share` says to which inputs, and how much.
  func backward(
    _ share: (_ c: Int, _ y: Int, _ x: Int) -> [(y: Int, x: Int, weight: Double)]
  ) -> [[Double]] {
    (0..<shape.channels).map { c in
      var sums = [Double](repeating: 0, count: input.rows * input.columns)
      for y in 0..<output.rows {
        for x in 0..<output.columns {
          for (iy, ix, weight) in share(c, y, x) {
            sums[iy * input.columns + ix] += weight * Double(output[c, y, x])
          }
        }
      }
      return sums
    }
  }
}
