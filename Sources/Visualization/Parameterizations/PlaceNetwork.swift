import CKernels
import Tensors

/// What `CPPNImage` computes, some places at a time, so that nothing but the picture goes to memory: backwards, values are
/// found anew.
struct PlaceNetwork {
  /// The places: (1, height, width, 3).
  let grid: Tensor
  /// The shape of the pictures: (batch, channels, height, width).
  let shape: Shape
  /// How many units a layer has.
  let units: Int

  /// Places at a time: their values stay near the processor.
  private static let band = 196
  /// Bands of which slopes are added up in one go.
  private static let bandsTogether = 8

  private var places: Int { shape[2] * shape[3] }
  private var bands: Int { (places + Self.band - 1) / Self.band }
  /// What comes out of a layer: `units` arc tangents, their squares and 1.
  private var rows: Int { 2 * units + 1 }
  /// The channels in whole vectors.
  private var width: Int { (shape[1] + 15) / 16 * 16 }

  /// The pictures before the sigmoid.
  ///
  /// - Parameter weights: A tensor a layer, (batch, 1, inputs + 1, outputs).
  /// - Returns: Shape (batch, channels, height, width).
  func values(_ weights: [Tensor]) -> Tensor {
    let result = Tensor(uninitialized: shape)
    for picture in 0..<shape[0] {
      let layers = layers(weights, picture)
      ThreadPool.shareElements(bands, worth: 1 << 10) { range in
        let scratch = Scratch(self, layers: layers.count)
        for band in range {
          scratch.climb(layers, from: grid, places(of: band))
          scratch.put(places(of: band), picture, in: result)
        }
      }
    }
    return result
  }

  /// The gradient by all weights.
  ///
  /// - Parameters:
  ///   - weights: A tensor a layer, (batch, 1, inputs + 1, outputs).
  ///   - cotangent: That of `values`.
  /// - Returns: A tensor a layer.
  func slopes(_ weights: [Tensor], along cotangent: Tensor) -> [Tensor] {
    var slopes = weights.map { Tensor($0.shape) }
    let parts = (bands + Self.bandsTogether - 1) / Self.bandsTogether
    for picture in 0..<shape[0] {
      let layers = layers(weights, picture)
      let counts = layers.map { $0.weights.count }
      let sums = Tensor([parts, counts.reduce(0, +)])
      ThreadPool.shareElements(parts, worth: 1 << 15) { range in
        let scratch = Scratch(self, layers: layers.count)
        for part in range {
          let sum = sums.start + part * sums.shape[1]
          let first = part * Self.bandsTogether
          for band in first..<min(first + Self.bandsTogether, bands) {
            scratch.climb(layers, from: grid, places(of: band))
            scratch.descend(
              layers, from: grid, places(of: band), picture, along: cotangent, into: sum)
          }
        }
      }
      let total = sums.sum(alongAxes: [0]).scalars
      var offset = 0
      for (layer, count) in counts.enumerated() {
        put(total[offset..<offset + count], of: picture, in: &slopes[layer])
        offset += count
      }
    }
    return slopes
  }

  /// Slopes of whole vectors of outputs, without what fills them up.
  private func put(_ values: ArraySlice<Float>, of picture: Int, in slopes: inout Tensor) {
    let (inputs, outputs) = (slopes.shape[2], slopes.shape[3])
    let (width, first) = (values.count / inputs, values.startIndex)
    slopes.withUnsafeMutableBufferPointer { to in
      for i in 0..<inputs * outputs {
        to[picture * inputs * outputs + i] = values[first + i / outputs * width + i % outputs]
      }
    }
  }

  private func places(of band: Int) -> Range<Int> {
    band * Self.band..<min((band + 1) * Self.band, places)
  }

  /// A picture's layers; the last with as many outputs as fill vectors.
  private func layers(_ weights: [Tensor], _ picture: Int) -> [PlaceLayer] {
    weights.indices.map { layer in
      let outputs = weights[layer].shape[3]
      return PlaceLayer(
        weights[layer].gathered([picture], alongAxis: 0),
        outputs: layer == weights.count - 1 ? width : outputs)
    }
  }

  /// What is known of some places on the way.
  private struct Scratch {
    let network: PlaceNetwork
    /// Of each layer what goes into the arc tangents, and what comes out.
    var before, after: [Tensor]
    /// The values of the channels, and slopes by what comes out of a layer, by what goes in and by weights.
    let colors, bySums, byValues, byWeights: Tensor

    init(_ network: PlaceNetwork, layers: Int) {
      let (band, rows, units) = (PlaceNetwork.band, network.rows, network.units)
      self.network = network
      before = (1..<layers).map { _ in Tensor(uninitialized: [band, units]) }
      after = (1..<layers).map { _ in Tensor(uninitialized: [band, rows]) }
      colors = Tensor([band, network.width])
      bySums = Tensor(uninitialized: [band, units])
      byValues = Tensor(uninitialized: [band, 2 * units])
      byWeights = Tensor(uninitialized: [rows, max(units, network.width)])
    }

    /// From places to channels.
    func climb(_ layers: [PlaceLayer], from grid: Tensor, _ places: Range<Int>) {
      let count = Int32(places.count)
      for (i, layer) in layers.enumerated() {
        let from = i == 0 ? grid.start + 3 * places.lowerBound : after[i - 1].start
        let to = i == layers.count - 1 ? colors : before[i]
        kernel_matmul(from, layer.weights.start, to.start, count, layer.inputs, layer.outputs)
        if i < layers.count - 1 {
          kernel_arctangents(before[i].start, after[i].start, count, Int32(network.units))
        }
      }
    }

    /// The channels into their planes.
    func put(_ places: Range<Int>, _ picture: Int, in result: Tensor) {
      let (channels, width) = (network.shape[1], network.width)
      for channel in 0..<channels {
        let plane = result.start + (picture * channels + channel) * network.places
        for (row, place) in places.enumerated() {
          plane[place] = colors.start[row * width + channel]
        }
      }
    }

    /// The way back; adds to the slopes of all layers, one after the other.
    func descend(
      _ layers: [PlaceLayer], from grid: Tensor, _ places: Range<Int>, _ picture: Int,
      along cotangent: Tensor,
      into sum: UnsafeMutablePointer<Float>
    ) {
      let count = Int32(places.count)
      take(places, picture, from: cotangent)
      var end = layers.reduce(0) { $0 + $1.weights.count }
      for i in layers.indices.reversed() {
        let layer = layers[i]
        let slopes = i == layers.count - 1 ? colors : bySums
        if i < layers.count - 1 {
          kernel_arctangents_backward(
            before[i].start, after[i].start, byValues.start, bySums.start, count, layer.outputs)
        }
        let from = i == 0 ? grid.start + 3 * places.lowerBound : after[i - 1].start
        kernel_matmul_turned(
          from, slopes.start, byWeights.start, layer.inputs, count, layer.outputs)
        end -= layer.weights.count
        for j in 0..<layer.weights.count { sum[end + j] += byWeights.start[j] }
        if i > 0 {
          kernel_matmul(
            slopes.start, layer.turned.start, byValues.start, count, layer.outputs, layer.inputs - 1
          )
        }
      }
    }

    /// The channels' cotangents, a row a place; what fills rows up is 0.
    private func take(_ places: Range<Int>, _ picture: Int, from cotangent: Tensor) {
      let (channels, width) = (network.shape[1], network.width)
      for (row, place) in places.enumerated() {
        for channel in 0..<width {
          colors.start[row * width + channel] =
            channel < channels
            ? cotangent.start[(picture * channels + channel) * network.places + place] : 0
        }
      }
    }
  }
}

/// The weights of one layer of one picture.
private struct PlaceLayer {
  /// (inputs + 1, outputs), and (outputs, inputs) for the way back, which leaves the 1 out.
  let weights, turned: Tensor
  let inputs, outputs: Int32

  init(_ own: Tensor, outputs: Int) {
    let (rows, columns) = (own.shape[2], own.shape[3])
    weights = Tensor([rows, outputs]) { to in
      to.initialize(repeating: 0)
      for i in 0..<rows * columns {
        to[i / columns * outputs + i % columns] = own.start[i]
      }
    }
    turned = Tensor([outputs, rows - 1]) { to in
      to.initialize(repeating: 0)
      for i in 0..<(rows - 1) * columns {
        to[i % columns * (rows - 1) + i / columns] = own.start[i]
      }
    }
    (inputs, self.outputs) = (Int32(rows), Int32(outputs))
  }
}
