import Blocks
import CKernels
package import Tensors

/// A network with weights that change, laid out for one batch: forwards, backwards to its input and
/// backwards to its weights, on the kernels of the engine.
///
/// It owns its memory and belongs to one task. Results do not depend on the number of threads.
package final class TrainableNetwork {
  /// Where the results of a layer lie.
  struct Maps {
    /// What a convolution yields before its batch norm; on the way back, the gradient of that.
    var sum: FeatureMap?
    /// The result, and its gradient before the rectifier.
    var value: FeatureMap
    var gradient: FeatureMap
  }

  /// What runs a layer.
  enum Step {
    case convolution(ConvolutionStep, BatchNormStep)
    case dense(DenseStep)
    case mean
  }

  let layers: [Layer]
  let parameters: Parameters
  let input: NetworkInput
  let batch: Int
  let pool: ThreadPool
  private(set) var maps: [Maps] = []
  private(set) var steps: [Step] = []
  /// The layer whose residual connection begins at a layer.
  private(set) var joins: [Int: Int] = [:]
  /// A number for each lane of the widest layer and each image.
  let scratch: FloatBuffer
  let zeros: FloatBuffer
  /// What convolutions need while they run.
  private let kernelScratch: Scratch
  private let winogradWeights: WinogradWeights
  private let arena = Arena()
  var mode = NormalizationMode.inference
  /// The images of the last pass.
  private(set) var count = 0

  /// - Parameters:
  ///   - architecture: The layers.
  ///   - moments: Mean and standard deviation of the pictures' channels.
  ///   - shape: Channels, height, width of a picture.
  ///   - classes: How many classes there are.
  ///   - batch: The most images at a time.
  ///   - seed: Where the first weights come from.
  ///   - threads: How many threads share the work.
  ///   - parameters: Those of a network for pictures of another size, to be shared.
  /// - Throws: `TrainingError.architecture` if the pictures are too small for it, or if they do not go with
  ///   the parameters; `MemoryError` where there is no room for it.
  init(
    _ architecture: Architecture, moments: ChannelMoments, shape: Shape, classes: Int,
    batch: Int, seed: UInt64, threads: Int, parameters: Parameters? = nil
  ) throws {
    layers = try architecture.layers(
      channels: shape[0], height: shape[1], width: shape[2], classes: classes)
    if let parameters {
      guard parameters.hasPlaces(for: layers) else {
        throw TrainingError.architecture(
          architecture.text, reason: "its weights depend on the size of the pictures")
      }
      self.parameters = parameters
    } else {
      self.parameters = try Parameters(layers)
      self.parameters.initialize(seed: seed)
    }
    self.batch = batch
    input = NetworkInput(
      shape: shape, batch: batch, moments: moments,
      isFlat: !layers[0].isConvolution)
    let lanes = layers.map { $0.outputBlocks * 16 }.max() ?? 16
    scratch = FloatBuffer(count: 2 * lanes * batch)
    zeros = FloatBuffer(count: lanes)
    pool = ThreadPool(threads: threads)
    kernelScratch = Scratch(threads: threads)
    winogradWeights = WinogradWeights(pool)
    makeMaps()
    try layOut()
    makeSteps()
  }

  deinit {
    pool.stop()
  }

  /// Trained numbers.
  package var parameterCount: Int { parameters.trainedScalars }
  /// Bytes for all activations and gradients.
  package var arenaBytes: Int { arena.count * MemoryLayout<Float>.stride }

  private func makeMaps() {
    for layer in layers {
      func map() -> FeatureMap {
        FeatureMap(
          batch: batch, channels: layer.outputs, height: layer.height, width: layer.width)
      }
      maps.append(Maps(sum: layer.isConvolution ? map() : nil, value: map(), gradient: map()))
    }
    for (i, layer) in layers.enumerated() {
      if let addend = layer.addend { joins[addend] = i }
      if case .convolution(let window) = layer.kind, let sum = maps[i].sum {
        ConvolutionStep.widenRings(window, from: source(of: i), to: sum)
      }
    }
  }

  /// What a layer reads.
  func source(of index: Int) -> FeatureMap { index == 0 ? input.map : maps[index - 1].value }

  /// Forwards, layer i runs at time i + 1; backwards, at 2 · layers − i + 1.
  private func layOut() throws {
    let end = 2 * layers.count + 2
    for (i, layer) in layers.enumerated() {
      let (there, back) = (i + 1, 2 * layers.count - i + 1)
      if let sum = maps[i].sum { for time in [there, back] { arena.use(sum, at: time) } }
      for time in [there, back - 1] { arena.use(maps[i].value, at: time) }
      for time in [back - 1, back] { arena.use(maps[i].gradient, at: time) }
      if let addend = layer.addend {
        arena.use(maps[i].gradient, at: 2 * layers.count - addend)
      }
    }
    for time in [0, end] { arena.use(input.map, at: time) }
    for time in [end - 1, end] { arena.use(input.gradientMap, at: time) }
    try arena.layOut()
  }

  private func makeSteps() {
    for (i, layer) in layers.enumerated() {
      switch layer.kind {
      case .convolution(let window):
        guard let sum = maps[i].sum else { continue }
        steps.append(
          .convolution(
            ConvolutionStep(
              layer, window, from: source(of: i), to: sum, scratch: kernelScratch,
              winogradWeights: winogradWeights), BatchNormStep(sum)))
      case .dense: steps.append(.dense(DenseStep(layer, from: source(of: i), to: maps[i].value)))
      case .globalMean: steps.append(.mean)
      }
    }
  }

  /// The logits of the last pass: images × classes.
  package var logits: Tensor {
    let map = maps[layers.count - 1].value
    return Tensor([count, map.channels]) { logits in
      for image in 0..<count {
        guard let from = map.kernelMap(image: image).data else { continue }
        for c in 0..<map.channels { logits[image * map.channels + c] = from[c] }
      }
    }
  }

  /// Takes note of how many images a pass has.
  func begin(_ pictures: Tensor, mode: NormalizationMode) {
    count = pictures.shape[0]
    precondition(
      count > 0 && count <= batch, "TrainableNetwork: \(count) images for a batch of \(batch)")
    self.mode = mode
  }
}
