import CKernels
import Tensors
import Testing

@Suite("Kernels: element by element")
struct KernelElementwiseTests {
  @Test("copy, scale and shift, multiply", arguments: EpilogueParts.choices, [1, 16, 40])
  func definition(parts: EpilogueParts, channels: Int) {
    var random = SplitMix64(seed: 1)
    let (rows, columns) = (3, 7)
    func map(pixel: Int = 16) -> FeatureMap {
      FeatureMap(
        channels: channels, rows: rows, columns: columns, ring: 1, pixel: pixel, using: &random)
    }
    let (a, b, destination, previous) = (map(), map(), map(pixel: 32), map(pixel: 32))
    previous.contents = destination.contents
    let scale = Memory<Float>(count: a.blocks * 16, using: &random)
    let shift = Memory<Float>(count: a.blocks * 16, using: &random)
    let fixture = EpilogueFixture(
      parts, channels: channels, rows: rows, columns: columns, using: &random)
    var epilogue = fixture.epilogue
    let (n, h, w) = (Int32(a.blocks), Int32(rows), Int32(columns))

    func check(
      _ name: String, _ kernel: () -> Void, _ expected: @escaping (Int, Int, Int) -> Double
    ) {
      destination.contents = previous.contents
      kernel()
      let error = destination.worst { c, y, x in
        fixture.expected(
          expected(c, y, x), tolerance: 3 * roundingError, previous: previous[c, y, x], c, y, x)
      }
      #expect(error <= 1, "\(name)")
      #expect(destination.untouchedCount == previous.untouchedCount, "\(name)")
    }

    forEachInstructionSet { name in
      check(name, { kernel_copy(a.map, destination.map, &epilogue, n, h, w) }) { c, y, x in
        Double(a[c, y, x])
      }
      check(
        name,
        {
          kernel_scale_shift(
            a.map, destination.map, scale.pointer, shift.pointer, &epilogue, n, h, w)
        }
      ) { c, y, x in
        Double(scale.pointer[c]) * Double(a[c, y, x]) + Double(shift.pointer[c])
      }
      check(name, { kernel_multiply(a.map, b.map, destination.map, &epilogue, n, h, w) }) {
        c, y, x in Double(a[c, y, x]) * Double(b[c, y, x])
      }
    }
  }
}
