import Blocks
import Imaging
import Tensors

/// What a training works with while its pictures have one size: first small ones, which are faster, then
/// greater ones, and at last the pictures as they are.
///
/// Source: progressive resizing, as in Howard et al.'s entry to DAWNBench, 2018.
struct Stage {
  /// The number of the stage, from 0.
  let index: Int
  let training: PictureSet
  let validation: PictureSet
  let network: TrainableNetwork
  let adversary: Adversary?
  let examiner: Adversary?
  let augmentation: TrainingAugmentation

  /// - Parameters:
  ///   - index: Which of the settings' stages.
  ///   - architecture: The layers.
  ///   - data: The pictures as they are.
  ///   - settings: Those of the whole training.
  ///   - moments: Mean and standard deviation of the pictures' channels.
  ///   - parameters: Those of the stage before, to go on with.
  /// - Throws: `TrainingError.architecture` if the pictures are too small for it, or if its weights depend
  ///   on their size.
  init(
    _ index: Int, _ architecture: Architecture, data: TrainingData, settings: TrainingSettings,
    moments: ChannelMoments, parameters: Parameters?
  ) throws {
    self.index = index
    let full = data.training.shape
    let width = index < settings.smallerWidths.count ? settings.smallerWidths[index] : full[2]
    let scale = Float(width) / Float(full[2])
    network = try TrainableNetwork(
      architecture, moments: moments,
      shape: [full[0], max(1, full[1] * width / full[2]), width], classes: data.classes.count,
      batch: min(settings.batch, data.training.count), seed: settings.seed,
      threads: settings.threads, parameters: parameters)
    training = data.training.resized(to: network.input.shape, network.pool)
    validation = data.validation.resized(to: network.input.shape, network.pool)
    adversary = settings.adversary?.scaled(by: scale)
    examiner = settings.examiner?.scaled(by: scale)
    var augmentation = settings.augmentation
    augmentation.shift = Int((Float(augmentation.shift) * scale).rounded())
    self.augmentation = augmentation
  }
}

extension TrainingSettings {
  /// The number of the stage that an epoch, from 0, belongs to.
  func stage(ofEpoch epoch: Int) -> Int {
    min(epoch * (smallerWidths.count + 1) / max(epochs, 1), smallerWidths.count)
  }
}

extension Adversary {
  /// The same change for the eye in pictures that many times as wide.
  fileprivate func scaled(by factor: Float) -> Adversary {
    var result = self
    if norm == .l2 { result.radius *= factor }
    return result
  }
}

extension PictureSet {
  /// All pictures at another size.
  fileprivate func resized(to newShape: Shape, _ pool: ThreadPool) -> PictureSet {
    guard newShape != shape else { return self }
    var result = [UInt8](repeating: 0, count: newShape.count * count)
    result.withUnsafeMutableBufferPointer { result in
      guard let first = result.baseAddress else { return }
      pool.run(count) { i in
        let small = pictures(CollectionOfOne(i)).resized(width: newShape[2], height: newShape[1])
        small.withUnsafeBufferPointer { small in
          for j in small.indices {
            first[i * newShape.count + j] = UInt8(min(max(small[j] * 255, 0), 255) + 0.5)
          }
        }
      }
    }
    return PictureSet(shape: newShape, bytes: result, labels: labels)
  }
}
