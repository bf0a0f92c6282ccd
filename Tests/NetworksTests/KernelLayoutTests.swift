import CKernels
import Tensors
import Testing

@Suite("Kernels: layout")
struct KernelLayoutTests {
  static let extents = [1, 3, 5, 16, 17, 40].flatMap { channels in
    [1, 2, 7, 15, 16, 17, 31, 32, 33].map { (channels, $0) }
  }

  @Test("to blocks and back", arguments: extents)
  func roundTrip(channels: Int, columns: Int) {
    var random = SplitMix64(seed: 1)
    let (rows, row) = (3, columns + 2)
    let plane = rows * row + 1
    let planar = Memory<Float>(count: channels * plane, using: &random)
    let back = Memory<Float>(count: channels * plane, repeating: FeatureMap.untouched)
    func source(_ c: Int, _ y: Int, _ x: Int) -> Float { planar.pointer[c * plane + y * row + x] }
    forEachInstructionSet { name in
      let map = FeatureMap(
        channels: channels, rows: rows, columns: columns, ring: 1, using: &random)
      let ring = map.contents.count { $0 == 0 }
      kernel_block(
        planar.pointer, plane, row, map.map, Int32(channels), Int32(rows), Int32(columns))
      #expect(map.worst { (Double(source($0, $1, $2)), 0) } == 0, "\(name)")
      #expect(map.contents.count { $0 == 0 } == ring, "\(name)")

      kernel_unblock(
        map.map, back.pointer, plane, row, Int32(channels), Int32(rows), Int32(columns))
      var differences = 0
      var written = 0
      for i in 0..<channels * plane where back.pointer[i] != FeatureMap.untouched {
        written += 1
        if back.pointer[i] != planar.pointer[i] { differences += 1 }
      }
      #expect(differences == 0 && written == channels * rows * columns, "\(name)")

      kernel_block_add(
        planar.pointer, plane, row, map.map, Int32(channels), Int32(rows), Int32(columns))
      #expect(map.worst { (2 * Double(source($0, $1, $2)), 0) } == 0, "\(name)")
      #expect(map.contents.count { $0 == 0 } == ring, "\(name)")
    }
  }

  @Test("interleaves with scale, shift and order", arguments: [1, 2, 3, 4], [1, 15, 16, 33, 50])
  func interleave(channels: Int, columns: Int) {
    var random = SplitMix64(seed: 2)
    let (rows, row, ring) = (2, columns + 3, 1)
    let plane = rows * row
    let planar = Memory<Float>(count: channels * plane, using: &random)
    let order = Memory<Int32>((0..<channels).map { Int32(channels - 1 - $0) })
    let scale = Memory<Float>(count: channels, using: &random)
    let shift = Memory<Float>(count: channels, using: &random)
    forEachInstructionSet { name in
      let picture = FeatureMap(
        channels: channels, rows: rows, columns: columns, ring: ring, pixel: channels,
        using: &random)
      let before = picture.contents
      kernel_interleave(
        planar.pointer, plane, row, picture.map.data, picture.map.row, Int32(channels),
        order.pointer, scale.pointer, shift.pointer, Int32(rows), Int32(columns))
      let error = picture.worst { c, y, x in
        let value = Double(planar.pointer[Int(order.pointer[c]) * plane + y * row + x])
        return (
          value * Double(scale.pointer[c]) + Double(shift.pointer[c]), 4 * roundingError
        )
      }
      #expect(error <= 1, "\(name)")
      #expect(zip(before, picture.contents).allSatisfy { $0 != 0 || $1 == 0 }, "\(name)")
    }
  }

  @Test("interleaved pixels to a picture", arguments: [1, 3, 5], [9, 16, 35])
  func deinterleave(channels: Int, columns: Int) {
    var random = SplitMix64(seed: 3)
    let rows = 3
    let pixels = FeatureMap(
      channels: channels, rows: rows, columns: columns, ring: 1, pixel: channels, using: &random)
    let planar = Memory<Float>(count: channels * rows * columns, repeating: FeatureMap.untouched)
    let order = Memory<Int32>((0..<channels).map { Int32(channels - 1 - $0) })
    let scale = Memory<Float>(count: channels, using: &random)
    forEachInstructionSet { name in
      kernel_deinterleave(
        pixels.map.data, pixels.map.row, planar.pointer, rows * columns, columns, Int32(channels),
        order.pointer, scale.pointer, Int32(rows), Int32(columns))
      var differences = 0
      for (i, y, x) in (0..<channels).flatMap({ i in
        (0..<rows).flatMap { y in (0..<columns).map { (i, y, $0) } }
      }) {
        let expected = scale.pointer[i] * pixels[i, y, x]
        let place = (Int(order.pointer[i]) * rows + y) * columns + x
        if planar.pointer[place] != expected { differences += 1 }
      }
      #expect(differences == 0, "\(name)")
    }
  }

  @Test("zeroes the ring and nothing else", arguments: [0, 1, 3])
  func ring(_ ring: Int) {
    var random = SplitMix64(seed: 4)
    let map = FeatureMap(channels: 17, rows: 3, columns: 5, ring: ring, using: &random)
    // 15 lanes of the second block are 0 already.
    let clean = map.contents
    forEachInstructionSet { name in
      for y in -ring..<3 + ring {
        for x in -ring..<5 + ring where !(0..<3 ~= y && 0..<5 ~= x) {
          for c in 0..<32 { map[c, y, x] = 7 }
        }
      }
      kernel_zero_ring(map.map, Int32(ring), 2, 3, 5)
      #expect(map.contents == clean, "\(name)")
    }
  }
}
