import Foundation
import Tensors

/// The peaks of several layers while they are found out, and as a file.
struct PeakTable {
  private let layers: [MicroscopeLayer]
  private let pictures: Int
  private var values: [[Float]]
  private var places: [[UInt16]]
  private var grids: [(width: Int, height: Int)]

  init(layers: [MicroscopeLayer], pictures: Int) {
    (self.layers, self.pictures) = (layers, pictures)
    values = layers.map { [Float](repeating: 0, count: $0.channels * pictures) }
    places = layers.map { [UInt16](repeating: 0, count: $0.channels * pictures) }
    grids = layers.map { _ in (0, 0) }
  }

  /// Takes what a picture does.
  ///
  /// - Parameters:
  ///   - maps: One a layer: 1×C×h×w, or 1×C.
  ///   - picture: Its number.
  mutating func add(_ maps: [Tensor], picture: Int) {
    for (layer, map) in maps.enumerated() {
      let channels = layers[layer].channels
      guard map.count >= channels, map.count % channels == 0 else { continue }
      let count = map.count / channels
      if map.shape.rank == 4 { grids[layer] = (map.shape[3], map.shape[2]) }
      let scalars = map.scalars
      for channel in 0..<channels {
        var (best, place) = (-Float.infinity, 0)
        for index in 0..<count where scalars[channel * count + index] > best {
          (best, place) = (scalars[channel * count + index], index)
        }
        values[layer][channel * pictures + picture] = best.isFinite ? best : 0
        places[layer][channel * pictures + picture] = UInt16(clamping: place)
      }
    }
  }

  /// The peaks by layer.
  var peaks: [String: ChannelPeaks] {
    Dictionary(
      layers.indices.map { index in
        (
          layers[index].name,
          ChannelPeaks(
            pictures: pictures, values: values[index], places: places[index],
            width: grids[index].width, height: grids[index].height)
        )
      }, uniquingKeysWith: { first, _ in first })
  }

  // MARK: As a file

  /// For each layer its columns and rows, then values, then places; little-endian.
  var bytes: [UInt8] {
    var bytes: [UInt8] = []
    func add<Number: FixedWidthInteger>(_ number: Number) {
      withUnsafeBytes(of: number.littleEndian) { bytes += $0 }
    }
    for layer in layers.indices {
      add(UInt32(clamping: grids[layer].width))
      add(UInt32(clamping: grids[layer].height))
      for value in values[layer] { add(value.bitPattern) }
      for place in places[layer] { add(place) }
    }
    return bytes
  }

  /// Reads a file; nil: it is another's, or damaged.
  init?(_ bytes: [UInt8], layers: [MicroscopeLayer], pictures: Int) {
    self.init(layers: layers, pictures: pictures)
    let count = layers.reduce(0) { $0 + 8 + 6 * $1.channels * pictures }
    guard bytes.count == count else { return nil }
    bytes.withUnsafeBytes { bytes in
      var offset = 0
      func next<Number: FixedWidthInteger>(_ type: Number.Type) -> Number {
        defer { offset += MemoryLayout<Number>.size }
        return Number(littleEndian: bytes.loadUnaligned(fromByteOffset: offset, as: type))
      }
      for layer in layers.indices {
        grids[layer] = (Int(next(UInt32.self)), Int(next(UInt32.self)))
        for index in values[layer].indices {
          values[layer][index] = Float(bitPattern: next(UInt32.self))
        }
        for index in places[layer].indices { places[layer][index] = next(UInt16.self) }
      }
    }
    let areHonest = layers.indices.allSatisfy { layer in
      let places = self.places[layer]
      let (width, height) = grids[layer]
      guard width <= 1 << 16, height <= 1 << 16 else { return false }
      return values[layer].allSatisfy(\.isFinite)
        && (width * height == 0 || places.allSatisfy { Int($0) < width * height })
    }
    guard areHonest else { return nil }
  }
}
