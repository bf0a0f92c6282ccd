import Blocks
import Memory
import Tensors

/// All numbers of a network in one piece of memory, as the kernels read them: what an optimizer, a moving
/// average and a checkpoint go over needs no names.
///
/// The order: convolutions' weights, which decay; all else that is trained; running statistics.
final class Parameters {
  /// Where the numbers of one layer lie.
  struct Place: Sendable {
    /// [output block][input block][tap][16 in][16 out].
    var weights = 0..<0
    /// Batch norm's scale γ, for each output channel.
    var scale = 0..<0
    /// Batch norm's shift β, or the bias.
    var shift = 0..<0
    /// Batch norm's running mean and variance.
    var mean = 0..<0
    var variance = 0..<0
  }

  let places: [Place]
  /// How many numbers from the first on decay, are trained, and are there.
  let decayedCount: Int
  let trainedCount: Int
  let count: Int
  let values: FloatBuffer
  let gradients: FloatBuffer
  private let layers: [Layer]

  /// Makes room for the numbers of some layers.
  ///
  /// - Throws: `MemoryError` where there is none.
  init(_ layers: [Layer]) throws {
    self.layers = layers
    var places = [Place](repeating: Place(), count: layers.count)
    var end = 0
    func take(_ count: Int) -> Range<Int> {
      defer { end += (count + 15) & ~15 }
      return end..<end + count
    }
    for (i, layer) in layers.enumerated() where layer.isConvolution {
      places[i].weights = take(layer.weightCount)
    }
    decayedCount = end
    for (i, layer) in layers.enumerated() where !layer.isMean {
      if !layer.isConvolution { places[i].weights = take(layer.weightCount) }
      if layer.isConvolution { places[i].scale = take(layer.outputBlocks * 16) }
      places[i].shift = take(layer.outputBlocks * 16)
    }
    trainedCount = end
    for (i, layer) in layers.enumerated() where layer.isConvolution {
      places[i].mean = take(layer.outputBlocks * 16)
      places[i].variance = take(layer.outputBlocks * 16)
    }
    count = end
    self.places = places
    // Gradients, an optimizer's memories, their moving average, and the weights turned for the way back.
    try MemoryLimit.check(
      scalars: MemoryLimit.product([6, count]), of: "a network of \(count) weights")
    values = FloatBuffer(count: count)
    gradients = FloatBuffer(count: trainedCount)
  }

  /// Whether the weights of these layers are as many as its own.
  func hasPlaces(for others: [Layer]) -> Bool {
    others.map(\.weightCount) == layers.map(\.weightCount)
  }

  /// The trained numbers of the network proper, without what fills up blocks.
  var trainedScalars: Int {
    layers.reduce(0) { sum, layer in
      layer.isMean
        ? sum
        : sum + layer.inputs * layer.outputs * layer.taps
          + layer.outputs * (layer.isConvolution ? 2 : 1)
    }
  }

  /// Draws new weights: normal with variance 2 / inputs for what a rectifier follows (He et al., 2015), 1 /
  /// inputs for the last layer; batch norm starts as the identity.
  func initialize(seed: UInt64) {
    values.pointer.initialize(repeating: 0, count: count)
    for (i, layer) in layers.enumerated() where !layer.isMean {
      var random = SplitMix64(seed: seed &+ UInt64(i) &* 0x9E37_79B9)
      let deviation = ((layer.isRectified ? 2 : 1) / Float(layer.inputs * layer.taps)).squareRoot()
      let weights = Tensor.normal(
        [layer.outputs, layer.inputs, layer.taps], standardDeviation: deviation, using: &random)
      setWeights(weights, of: i)
      if layer.isConvolution {
        for channel in 0..<layer.outputs {
          values.pointer[places[i].scale.lowerBound + channel] = 1
          values.pointer[places[i].variance.lowerBound + channel] = 1
        }
      }
    }
  }

  /// Puts weights, outputs × inputs × taps, in their places.
  func setWeights(_ weights: Tensor, of index: Int) {
    weights.withUnsafeBufferPointer { weights in
      forEachWeight(of: index) { values.pointer[$1] = weights[$0] }
    }
  }

  /// The weights of a layer, outputs × inputs × taps, from its own or another buffer of this layout.
  func weights(of index: Int, in buffer: FloatBuffer) -> Tensor {
    let layer = layers[index]
    return Tensor([layer.outputs, layer.inputs, layer.taps]) { weights in
      forEachWeight(of: index) { weights[$0] = buffer.pointer[$1] }
    }
  }

  /// One number for each output channel.
  func channels(_ range: Range<Int>, of index: Int, in buffer: FloatBuffer) -> [Float] {
    (0..<layers[index].outputs).map { buffer.pointer[range.lowerBound + $0] }
  }

  private func forEachWeight(of index: Int, _ body: (_ plain: Int, _ packed: Int) -> Void) {
    let (layer, start) = (layers[index], places[index].weights.lowerBound)
    let (inputs, taps) = (layer.inputs, layer.taps)
    for output in 0..<layer.outputs {
      for input in 0..<inputs {
        for tap in 0..<taps {
          let block = (output / 16 * layer.inputBlocks + input / 16) * taps + tap
          body(
            (output * inputs + input) * taps + tap,
            start + block * 256 + input % 16 * 16 + output % 16)
        }
      }
    }
  }
}

extension Layer {
  var isConvolution: Bool { if case .convolution = kind { true } else { false } }
  var isMean: Bool { if case .globalMean = kind { true } else { false } }
  var taps: Int { if case .convolution(let window) = kind { window.size * window.size } else { 1 } }
  var inputBlocks: Int { (inputs + 15) / 16 }
  var outputBlocks: Int { (outputs + 15) / 16 }
  var weightCount: Int { outputBlocks * inputBlocks * taps * 256 }
}
