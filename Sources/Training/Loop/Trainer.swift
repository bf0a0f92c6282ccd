import Blocks
package import ONNX
import Tensors

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// One pass over the training pictures, and what the network could do after it.
public struct EpochRecord: Sendable, Equatable, Codable {
  /// The number of the epoch, from 1.
  public var epoch: Int
  /// The mean loss on the training pictures as they were shown, adversary and all.
  public var loss: Double
  /// The accuracy on them.
  public var accuracy: Double
  /// The mean loss on validation pictures, by the averaged weights.
  public var validationLoss: Double
  /// The accuracy on them.
  public var validationAccuracy: Double
  /// The accuracy on validation pictures under attack, if that is measured.
  public var robustAccuracy: Double?
}

/// Trains a network: the loop, one step after the other, every draw from the seed.
public final class Trainer {
  /// How far a training has come.
  public struct Progress: Sendable {
    /// The epoch, from 1, and how many there are.
    public var epoch, epochs: Int
    /// Steps done and steps in all.
    public var step, steps: Int
    /// Mean loss and accuracy of the epoch so far.
    public var loss, accuracy: Double
  }

  /// The settings.
  public let settings: TrainingSettings
  /// What the network learns from.
  public let data: TrainingData
  /// The epochs so far.
  public internal(set) var history: [EpochRecord] = []
  /// The steps so far.
  public internal(set) var step = 0
  /// The channels' mean and standard deviation, which the network subtracts and divides by.
  public let moments: ChannelMoments

  /// The program and its version, for what it leaves behind.
  public let program: String
  /// What the training is.
  private(set) lazy var identity = TrainingIdentity(
    program: program, architecture: architecture, settings: settings, data: data,
    pool: network.pool)
  /// What is on disk of this training.
  var kept = Kept.none

  let architecture: Architecture
  let parameters: Parameters
  private(set) var stage: Stage
  var updater: Updater
  let average: MovingAverage
  var epochLoss = Loss()
  private var order: (epoch: Int, indices: [Int]) = (-1, [])

  /// Prepares a training; nothing is computed yet.
  ///
  /// - Parameters:
  ///   - architecture: The network.
  ///   - data: The pictures.
  ///   - settings: How it is trained.
  ///   - program: The program and its version; another's checkpoints are refused.
  /// - Throws: `TrainingError` if architecture, data and settings do not go together.
  public init(
    _ architecture: Architecture, data: TrainingData, settings: TrainingSettings,
    program: String = ""
  ) throws {
    guard data.training.count > 1, data.validation.count > 0 else {
      throw TrainingError.settings("there are too few pictures to train with")
    }
    (self.architecture, self.data, self.settings) = (architecture, data, settings)
    self.program = program
    batch = min(settings.batch, data.training.count)
    moments = data.training.moments()
    stage = try Stage(
      0, architecture, data: data, settings: settings, moments: moments,
      parameters: nil)
    parameters = stage.network.parameters
    updater = Updater(
      settings.rule, weightDecay: settings.weightDecay, parameters: parameters)
    average = MovingAverage(parameters, decay: settings.averageDecay)
  }

  /// The network at the size of the pictures of the moment.
  var network: TrainableNetwork { stage.network }

  /// Goes on to the pictures' next size when its time has come.
  private func enterStage() throws {
    let index = settings.stage(ofEpoch: history.count)
    guard index != stage.index else { return }
    stage = try Stage(
      index, architecture, data: data, settings: settings, moments: moments,
      parameters: parameters)
  }

  /// Pictures a step.
  public let batch: Int
  /// Steps an epoch; what is left of the pictures waits for another epoch's order.
  public var stepsPerEpoch: Int { data.training.count / batch }
  /// Steps in all.
  public var totalSteps: Int { stepsPerEpoch * settings.epochs }
  /// Whether all epochs are done.
  public var isFinished: Bool { history.count >= settings.epochs }
  /// Trained numbers.
  public var parameterCount: Int { network.parameterCount }

  /// Trains until all epochs are done.
  ///
  /// - Parameters:
  ///   - shouldStop: Asked before every step, of evaluation too; whoever stops may save and go on later.
  ///   - progress: Told after every step.
  ///   - epochDone: Told after every epoch and its evaluation, before which nothing of it is final.
  /// - Returns: Whether all epochs are done.
  /// - Throws: `TrainingError.diverged` if the loss is no number, or an epoch's mean is ten times that of
  ///   guessing; whatever the closures throw.
  @discardableResult
  public func run(
    shouldStop: () -> Bool = { false }, progress: (Progress) -> Void = { _ in },
    epochDone: (EpochRecord) throws -> Void = { _ in }
  ) throws -> Bool {
    while !isFinished {
      try enterStage()
      while step < (history.count + 1) * stepsPerEpoch {
        if shouldStop() { return false }
        try advance()
        progress(
          Progress(
            epoch: history.count + 1, epochs: settings.epochs, step: step, steps: totalSteps,
            loss: epochLoss.mean, accuracy: epochLoss.accuracy))
      }
      guard let (clean, robust) = evaluate(shouldStop: shouldStop) else { return false }
      guard epochLoss.mean <= Self.greatestLoss(classes: data.classes.count),
        clean.mean.isFinite, robust?.mean.isFinite != false
      else { throw diverged(epoch: history.count + 1) }
      let record = EpochRecord(
        epoch: history.count + 1, loss: epochLoss.mean, accuracy: epochLoss.accuracy,
        validationLoss: clean.mean, validationAccuracy: clean.accuracy,
        robustAccuracy: robust?.accuracy)
      history.append(record)
      epochLoss = Loss()
      try epochDone(record)
    }
    return true
  }

  /// One step: a batch, the adversary, both passes, the update.
  func advance() throws {
    let epoch = step / stepsPerEpoch
    let (first, total) = (step % stepsPerEpoch * batch, totalSteps)
    let indices = Array(shuffled(epoch)[first..<first + batch])
    let labels = indices.map { data.training.labels[$0] }
    var pictures = augmented(indices, epoch: epoch)
    if let adversary = stage.adversary {
      pictures = adversary.attack(
        pictures, labels: labels, on: network, reach: settings.reach(step: step, of: total),
        mode: .trainingQuietly, seed: seed(2, UInt64(step)))
    }
    network.forward(pictures, mode: .training)
    let loss = network.crossEntropy(labels, smoothing: settings.labelSmoothing)
    guard loss.total.isFinite else { throw diverged(epoch: epoch + 1) }
    network.backward()
    updater.update(
      parameters, rate: settings.rate(step: step, of: total), pool: network.pool)
    if settings.averageDecay > 0 { average.follow(parameters, step: step) }
    epochLoss += loss
    step += 1
  }

  /// The greatest mean loss of an epoch that a training comes back from: ten times that of guessing.
  private static func greatestLoss(classes: Int) -> Double { 10 * log(Double(max(classes, 2))) }

  /// The error that suggests a tenth of the rate, in two digits.
  private func diverged(epoch: Int) -> TrainingError {
    let tenth = Double(settings.learningRate) / 10
    let digit = pow(10, log10(tenth).rounded(.down) - 1)
    return .diverged(epoch: epoch, rate: Float((tenth / digit).rounded() * digit))
  }

  /// What a seed of its own is made of: what it is for, and its number.
  private func seed(_ purpose: UInt64, _ number: UInt64) -> UInt64 {
    var random = SplitMix64(seed: settings.seed &+ purpose &* 0xA076_1D64_78BD_642F &+ number)
    return random.next() ^ number &* 0xE703_7ED1_A0B4_28DB
  }

  private func shuffled(_ epoch: Int) -> [Int] {
    if order.epoch != epoch {
      var random = SplitMix64(seed: seed(0, UInt64(epoch)))
      order = (epoch, Array(0..<data.training.count).shuffled(using: &random))
    }
    return order.indices
  }

  private func augmented(_ indices: [Int], epoch: Int) -> Tensor {
    let (set, shape) = (stage.training, stage.training.shape)
    var pictures = Tensor(Shape([indices.count] + shape.dimensions))
    pictures.withUnsafeMutableBufferPointer { pictures in
      guard let first = pictures.baseAddress else { return }
      set.bytes.withUnsafeBufferPointer { bytes in
        guard let from = bytes.baseAddress else { return }
        network.pool.run(indices.count) { i in
          var random = SplitMix64(seed: seed(1, UInt64(epoch) << 32 | UInt64(indices[i])))
          stage.augmentation.apply(
            to: from + indices[i] * shape.count, shape: shape, into: first + i * shape.count,
            using: &random)
        }
      }
    }
    return pictures
  }

  /// Tries the averaged weights on the validation pictures: as they are, and under attack.
  ///
  /// Attacks take time: only after the last epoch is it as many pictures as the settings say, and a third before.
  ///
  /// - Parameter shouldStop: Asked before every batch.
  /// - Returns: Both losses; nil: it was stopped.
  private func evaluate(shouldStop: () -> Bool) -> (clean: Loss, robust: Loss?)? {
    withAverage {
      let set = stage.validation
      guard let clean = evaluate(Array(0..<set.count), examiner: nil, shouldStop) else {
        return nil
      }
      guard let examiner = stage.examiner else { return (clean, nil) }
      let isLast = history.count + 1 >= settings.epochs
      let most = isLast ? settings.examinedCount : max(1, settings.examinedCount / 3)
      let wanted = min(most, set.count)
      let chosen = (0..<wanted).map { $0 * set.count / wanted }
      return evaluate(chosen, examiner: examiner, shouldStop).map { (clean, $0) }
    }
  }

  private func evaluate(
    _ indices: [Int], examiner: Adversary?, _ shouldStop: () -> Bool
  ) -> Loss? {
    let set = stage.validation
    var sum = Loss()
    for start in stride(from: 0, to: indices.count, by: batch) {
      if shouldStop() { return nil }
      let part = indices[start..<min(start + batch, indices.count)]
      let labels = part.map { set.labels[$0] }
      var pictures = set.pictures(part)
      if let examiner {
        pictures = examiner.attack(
          pictures, labels: labels, on: network, mode: .inference, seed: seed(3, UInt64(start)))
      }
      network.forward(pictures, mode: .inference)
      sum += network.crossEntropy(labels)
    }
    return sum
  }

  /// Does something with the averaged weights in place.
  private func withAverage<Result>(_ body: () -> Result) -> Result {
    guard settings.averageDecay > 0 else { return body() }
    average.exchange(with: parameters)
    defer { average.exchange(with: parameters) }
    return body()
  }

  /// The averaged network as an ONNX model, with labels and preprocessing in it.
  ///
  /// - Parameter metadata: What else to say in the file.
  /// - Returns: The file's message.
  package func model(metadata: [(key: String, value: String)] = []) -> ModelProto {
    withAverage { network.model(labels: data.classes, metadata: metadata) }
  }

  /// Writes the averaged network as an ONNX file.
  ///
  /// - Parameters:
  ///   - path: The file.
  ///   - source: How it came about, for the file's metadata.
  /// - Throws: An error that says why the file cannot be written.
  public func export(to path: String, source: String) throws {
    try Model(model(metadata: [("source", source)])).write(to: path)
  }
}
