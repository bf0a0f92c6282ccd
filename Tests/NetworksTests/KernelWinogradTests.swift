import CKernels
import Tensors
import Testing

/// A convolution's shape and the outputs a side of its tiles.
struct WinogradShape: CustomTestStringConvertible {
  var convolution: ConvolutionShape
  var side: Int

  var testDescription: String { "\(convolution.testDescription), tiles of \(side)" }

  init(
    _ channels: Int, _ outputs: Int, _ rows: Int, _ columns: Int, window: Int = 3, side: Int = 4,
    pixel: Int = 16
  ) {
    convolution = ConvolutionShape(
      channels: channels, outputs: outputs, size: (window, window), rows: rows, columns: columns,
      destinationPixel: pixel)
    self.side = side
  }

  /// The kinds of tiles that there are.
  static let kinds = [(window: 3, side: 4), (window: 3, side: 2), (window: 5, side: 2)]

  /// Every width from 1 to 33 for each kind, each with another mix of everything else.
  static let odd = kinds.flatMap { window, side in
    (1...33).map { columns in
      WinogradShape(
        [1, 3, 5, 16, 17, 40][columns % 6], [1, 16, 17, 40, 64][columns % 5],
        [1, 2, 7, 4, 5][columns / 2 % 5], columns, window: window, side: side,
        pixel: columns % 5 == 4 ? 32 : 16)
    }
  }

  /// More tiles than are taken at once, and more output blocks.
  static let large = [
    WinogradShape(20, 17, 36, 37), WinogradShape(260, 150, 22, 21),
    WinogradShape(40, 130, 15, 16, side: 2), WinogradShape(40, 130, 16, 15, window: 5, side: 2),
  ]
}

/// A convolution of random numbers by Winograd's method.
private final class WinogradFixture {
  let direct: ConvolutionFixture
  let weights, scratch: Memory<Float>
  let side: Int32
  let tiles: Int

  init(_ shape: WinogradShape, parts: EpilogueParts, seed: UInt64) {
    side = Int32(shape.side)
    let shape = shape.convolution
    let window = Int32(shape.size.y)
    let points = Int((side + window - 1) * (side + window - 1))
    direct = ConvolutionFixture(shape, parts: parts, seed: seed)
    let (channels, blocks) = (Int32(shape.channels), Int32(direct.destination.blocks))
    let count = direct.weights.count / Int(window * window) * points
    weights = Memory(count: count, repeating: .nan)
    kernel_winograd_weights(
      direct.weights.pointer, window, side, channels, blocks, weights.pointer)
    // 16 more, as Memory is aligned to 16 bytes and scratch to 64.
    scratch = Memory(count: kernel_winograd_scratch(channels, blocks) + 16, repeating: .nan)
    tiles = Int(kernel_winograd_tiles(side, Int32(shape.rows), Int32(shape.columns)))
  }

  /// Does the part of the work named.
  func run(blocks: Range<Int>, tiles: Range<Int>) {
    var kernel = direct.kernel
    kernel.weights = UnsafePointer(weights.pointer)
    kernel.taps = nil
    let offset = (64 - Int(bitPattern: scratch.pointer) % 64) % 64 / 4
    kernel_convolve_winograd(
      &kernel, side, scratch.pointer + offset, Int32(blocks.lowerBound), Int32(blocks.upperBound),
      Int32(tiles.lowerBound), Int32(tiles.upperBound))
  }

  func run() {
    direct.destination.contents = direct.before
    run(blocks: 0..<direct.destination.blocks, tiles: 0..<tiles)
  }

  var isCut: Bool { !direct.epilogue.parts.isDisjoint(with: [.clamp, .mask]) }

  /// The norm of the error over the norm of what is right.
  func error() -> Double {
    var (error, norm) = (0.0, 0.0)
    let map = direct.destination
    for c in 0..<map.channels {
      for y in 0..<map.rows {
        for x in 0..<map.columns {
          let expected = direct.expected(c, y, x).value
          error += (Double(map[c, y, x]) - expected) * (Double(map[c, y, x]) - expected)
          norm += expected * expected
        }
      }
    }
    return (error / norm).squareRoot()
  }
}

@Suite("Kernels: Winograd's convolution")
struct KernelWinogradTests {
  @Test("is its definition", arguments: WinogradShape.odd)
  func definition(_ shape: WinogradShape) {
    check(WinogradFixture(shape, parts: .bias, seed: 1))
  }

  @Test("with each epilogue", arguments: EpilogueParts.choices)
  func epilogue(_ parts: EpilogueParts) {
    for (window, side) in WinogradShape.kinds {
      for (columns, pixel) in [(8, 16), (15, 32)] {
        let shape = WinogradShape(
          19, 40, 6, columns, window: window, side: side, pixel: pixel)
        check(WinogradFixture(shape, parts: parts, seed: 2))
      }
    }
  }

  /// Against the definition, on every instruction set; what lies between the pixels stays as it was.
  private func check(_ fixture: WinogradFixture) {
    forEachInstructionSet { name in
      fixture.run()
      // Measured: 3e-7 for 1 channel, 8e-7 for 64, growing as their root, and more where clamp and
      // mask take away most of the norm; the usual points ±1, ±2 yield twice as much.
      let error = fixture.error()
      #expect(error < (fixture.isCut ? 2e-6 : 1e-6), "\(name): \(error)")
      let destination = fixture.direct.destination
      let gaps = zip(fixture.direct.before, destination.contents).count {
        $0.0 == FeatureMap.untouched && $0.0 != $0.1
      }
      #expect(gaps == 0, "\(name)")
    }
  }

  @Test(
    "has the same bits however it is shared out", arguments: WinogradShape.odd + WinogradShape.large
  )
  func partition(_ shape: WinogradShape) {
    let fixture = WinogradFixture(shape, parts: .all, seed: 3)
    let destination = fixture.direct.destination
    forEachInstructionSet { name in
      fixture.run()
      let whole = destination.contents
      destination.contents = fixture.direct.before
      for tile in stride(from: 0, to: fixture.tiles, by: 3) {
        for block in 0..<destination.blocks {
          fixture.run(blocks: block..<block + 1, tiles: tile..<min(tile + 3, fixture.tiles))
        }
      }
      #expect(destination.contents == whole, "\(name)")
    }
  }

  @Test("many channels", arguments: WinogradShape.large)
  func manyChannels(_ shape: WinogradShape) {
    let fixture = WinogradFixture(shape, parts: [], seed: 4)
    fixture.run()
    #expect(fixture.error() < 3e-6)
  }

  @Test("what lies beyond the pixels that are read takes no part", arguments: WinogradShape.odd)
  func beyond(_ shape: WinogradShape) {
    let fixture = WinogradFixture(shape, parts: [], seed: 5)
    var clean: [String: [Float]] = [:]
    forEachInstructionSet { name in
      fixture.run()
      clean[name] = fixture.direct.destination.contents
    }
    let source = fixture.direct.source
    for c in 0..<shape.convolution.channels {
      for x in -1...source.columns {
        for y in [-1, source.rows] { source[c, y, x] = .nan }
      }
      for y in 0..<source.rows {
        for x in [-1, source.columns] { source[c, y, x] = .nan }
      }
    }
    forEachInstructionSet { name in
      fixture.run()
      #expect(fixture.direct.destination.contents == clean[name], "\(name)")
    }
  }
}
