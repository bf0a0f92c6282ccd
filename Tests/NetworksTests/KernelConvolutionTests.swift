import CKernels
import Tensors
import Testing

@Suite("Kernels: convolution")
struct KernelConvolutionTests {
  @Test("is its definition", arguments: ConvolutionShape.odd + ConvolutionShape.pictures)
  func definition(_ shape: ConvolutionShape) {
    let fixture = ConvolutionFixture(shape, parts: .bias, seed: 1)
    check(fixture)
  }

  @Test("with each epilogue", arguments: EpilogueParts.choices)
  func epilogue(_ parts: EpilogueParts) {
    for (columns, pixel) in [(7, 16), (15, 32)] {
      let shape = ConvolutionShape(
        channels: 19, outputs: 40, size: (3, 3), rows: 3, columns: columns, destinationPixel: pixel)
      check(ConvolutionFixture(shape, parts: parts, seed: 2))
    }
  }

  @Test("depthwise is its definition", arguments: ConvolutionShape.odd)
  func depthwise(_ shape: ConvolutionShape) {
    var shape = shape
    shape.isInterleaved = false
    check(ConvolutionFixture(shape, parts: .all, isDepthwise: true, seed: 3))
  }

  @Test("has the same bits however it is shared out", arguments: ConvolutionShape.odd)
  func partition(_ shape: ConvolutionShape) {
    for isDepthwise in [false, true] where !(isDepthwise && shape.isInterleaved) {
      let fixture = ConvolutionFixture(shape, parts: .all, isDepthwise: isDepthwise, seed: 4)
      forEachInstructionSet { name in
        fixture.run()
        let whole = fixture.destination.contents
        fixture.destination.contents = fixture.before
        for block in 0..<fixture.destination.blocks {
          for row in stride(from: 0, to: shape.rows, by: 2) {
            fixture.run(blocks: block..<block + 1, rows: row..<min(row + 2, shape.rows))
          }
        }
        #expect(fixture.destination.contents == whole, "\(name)")
      }
    }
  }

  /// Against the definition, on every instruction set; what lies between the pixels stays as it was.
  private func check(_ fixture: ConvolutionFixture) {
    forEachInstructionSet { name in
      fixture.run()
      #expect(fixture.destination.worst(fixture.expected) <= 1, "\(name)")
      if fixture.epilogue.parts.contains(.activation) {
        // A second derivative does not exceed 0.8.
        let slopes = fixture.epilogue.slopes.worst { c, y, x in
          (fixture.stored(c, y, x).slope, 1e-5)
        }
        #expect(slopes <= 1, "\(name)")
      }
      let gaps = zip(fixture.before, fixture.destination.contents).count {
        $0.0 == FeatureMap.untouched && $0.0 != $0.1
      }
      #expect(gaps == 0, "\(name)")
    }
  }

  @Test("NaN is not hidden by an activation")
  func notANumber() {
    let shape = ConvolutionShape(channels: 16, outputs: 16, size: (1, 1), rows: 1, columns: 3)
    let fixture = ConvolutionFixture(shape, parts: .clamp, seed: 5)
    fixture.source[3, 0, 1] = .nan
    forEachInstructionSet { name in
      fixture.run()
      #expect((0..<16).allSatisfy { fixture.destination[$0, 0, 1].isNaN }, "\(name)")
      #expect((0..<16).allSatisfy { !fixture.destination[$0, 0, 0].isNaN }, "\(name)")
    }
  }

  @Test("the peak is above the rate of a convolution in cache, and not far above")
  func peak() {
    let shape = ConvolutionShape(channels: 64, outputs: 64, size: (3, 3), rows: 8, columns: 32)
    let operations = 2.0 * 64 * 64 * 9 * 8 * 32
    let fixture = ConvolutionFixture(shape, parts: .clamp, seed: 5)
    let clock = ContinuousClock()
    forEachInstructionSet { name in
      // The best of each, for the machine may have other things to do.
      let peak = (0..<3).reduce(0.0) { best, _ in max(best, kernel_measure_peak_flops(0.01)) }
      let times = (0..<100).map { _ in clock.measure { fixture.run(blocks: 0..<4, rows: 0..<8) } }
      let best = (times.min() ?? .zero) / .seconds(1)
      let share = operations / best / peak
      #expect((0.1...1.4).contains(share), "\(name): \(share) of the peak \(peak)")
    }
  }
}
