import CKernels
import Tensors
import Testing

@Suite("Kernels: back to a picture")
struct KernelPictureTests {
  struct Geometry: CustomTestStringConvertible {
    var channels, outputs: Int
    var size: (y: Int, x: Int)
    var stride: (y: Int, x: Int)
    var dilation = (y: 1, x: 1)
    var rows, columns: Int

    var testDescription: String {
      "\(outputs)→\(channels), \(size), stride \(stride), dilation \(dilation), \(rows)×\(columns)"
    }

    static let all = [
      Geometry(channels: 3, outputs: 64, size: (7, 7), stride: (2, 2), rows: 5, columns: 33),
      Geometry(channels: 3, outputs: 17, size: (3, 3), stride: (1, 1), rows: 4, columns: 9),
      Geometry(channels: 1, outputs: 5, size: (5, 5), stride: (1, 1), rows: 3, columns: 1),
      Geometry(channels: 3, outputs: 32, size: (16, 16), stride: (16, 16), rows: 2, columns: 3),
      Geometry(
        channels: 5, outputs: 16, size: (3, 2), stride: (4, 3), dilation: (2, 3), rows: 3,
        columns: 7),
      Geometry(channels: 15, outputs: 33, size: (1, 4), stride: (1, 1), rows: 2, columns: 40),
    ]
  }

  /// Against the transposed convolution in `Double`: a pixel sums at most all taps of all outputs.
  @Test("is its definition", arguments: Geometry.all)
  func definition(_ g: Geometry) {
    var random = SplitMix64(seed: 5)
    let gradient = FeatureMap(
      channels: g.outputs, rows: g.rows, columns: g.columns, ring: 0, using: &random)
    let height = (g.rows - 1) * g.stride.y + (g.size.y - 1) * g.dilation.y + 1
    let width = (g.columns - 1) * g.stride.x + (g.size.x - 1) * g.dilation.x + 1
    let taps = g.size.y * g.size.x
    let weights = Memory<Float>(count: g.outputs * g.channels * taps, using: &random)
    func weight(_ o: Int, _ c: Int, _ t: Int) -> Float {
      weights.pointer[(o * g.channels + c) * taps + t]
    }

    let (inputBlocks, lanes) = ((g.outputs + 15) / 16, (taps * g.channels + 15) / 16 * 16)
    let packed = Memory<Float>(count: lanes / 16 * inputBlocks * 256, repeating: 0)
    for o in 0..<g.outputs {
      for lane in 0..<taps * g.channels {
        packed.pointer[(lane / 16 * inputBlocks + o / 16) * 256 + o % 16 * 16 + lane % 16] =
          weight(o, lane % g.channels, lane / g.channels)
      }
    }
    let row = width * g.channels + 16
    let runs = Memory<Int>(
      (0..<g.size.y).flatMap { y in
        (0..<(g.dilation.x == 1 ? 1 : g.size.x)).map { x in
          y * g.dilation.y * row + x * g.dilation.x * g.channels
        }
      })
    let run = (g.dilation.x == 1 ? g.size.x : 1) * g.channels
    let scratch = Memory<Float>(count: lanes * g.columns + 16, repeating: .nan)
    let tap = Memory<Int>([0])
    let picture = Memory<Float>(count: height * row, repeating: 0.5)
    let nothing = kernel_map(data: nil, block: 0, row: 0, pixel: 0)

    forEachInstructionSet { name in
      picture.pointer.update(repeating: 0.5, count: picture.count)
      var call = kernel_picture_gradient(
        product: kernel_convolution(
          source: gradient.map, channels: Int32(g.outputs), taps: tap.pointer, tap_count: 1,
          weights: packed.pointer, destination: nothing, blocks: Int32(lanes / 16),
          rows: Int32(g.rows), columns: Int32(g.columns), epilogue: EpilogueFixture.plain),
        runs: runs.pointer, run_count: Int32(runs.count), run: Int32(run),
        picture: picture.pointer, next_row: g.stride.y * row, next_column: g.stride.x * g.channels)
      kernel_convolve_to_picture(&call, scratch.pointer, 0, 1)
      kernel_convolve_to_picture(&call, scratch.pointer, 1, Int32(g.rows))

      var sums = [Double](repeating: 0.5, count: picture.count)
      var magnitudes = sums
      for y in 0..<g.rows {
        for x in 0..<g.columns {
          for lane in 0..<taps * g.channels {
            let (t, c) = (lane / g.channels, lane % g.channels)
            let place =
              (y * g.stride.y + t / g.size.x * g.dilation.y) * row
              + (x * g.stride.x + t % g.size.x * g.dilation.x) * g.channels + c
            for o in 0..<g.outputs {
              let term = Double(gradient[o, y, x]) * Double(weight(o, c, t))
              sums[place] += term
              magnitudes[place] += abs(term)
            }
          }
        }
      }
      let tolerance = Double(g.outputs + taps) * roundingError
      let worst = sums.indices.map {
        abs(Double(picture.pointer[$0]) - sums[$0]) / (tolerance * magnitudes[$0])
      }.max()
      #expect(worst ?? 0 <= 1, "\(name)")
    }
  }
}
