public import ArgumentParser
import Networks
import Tensors
public import Training

extension Decline: ExpressibleByArgument {}

/// The options of a training that most people leave alone.
struct TrainingOptions: ParsableArguments {
  /// The optimizers by name.
  enum Rule: String, ExpressibleByArgument, CaseIterable {
    case sgd, adam
  }

  @Option(
    help: ArgumentHelp(
      "Pictures a step. (default: 128, or an eighth of those there are)", valueName: "count"))
  var batch: Int?

  @Option(help: "The optimizer; sgd is Nesterov's with momentum 0.9.")
  var optimizer = Rule.sgd

  @Option(
    help: ArgumentHelp(
      "The greatest step size. (default: 0.15, less for few pictures; adam: 0.001)",
      valueName: "rate"))
  var learningRate: Float?

  @Option(help: "How the step size falls after the first tenth, in which it grows.")
  var schedule = Decline.linear

  @Option(help: ArgumentHelp("Weight decay of convolutions.", valueName: "factor"))
  var weightDecay: Float = 5e-4

  @Option(help: ArgumentHelp("The share of a target that all classes get.", valueName: "share"))
  var labelSmoothing: Float = 0.05

  @Option(
    help: ArgumentHelp(
      "How much of the weights' moving average stays each step; 0 for none.", valueName: "share"))
  var average: Float = 0.998

  @Flag(
    inversion: .prefixedNo,
    help: "Mirror half of the pictures. (default: where there is colour)")
  var mirror: Bool?

  @Option(
    help: ArgumentHelp(
      "How far pictures are shifted. (default: a tenth of the width)", valueName: "pixels"))
  var shift: Int?

  @Option(help: ArgumentHelp("How much brighter or darker, in 0…1.", valueName: "amount"))
  var brightness: Float = 0.1

  @Option(help: ArgumentHelp("The same for each channel by itself.", valueName: "amount"))
  var color: Float = 0.04

  @Option(
    help: ArgumentHelp(
      "Measures robustness. (default: the adversary in 20 steps)", valueName: "norm:radius"))
  var examiner: String?

  @Option(help: "Where every random draw comes from.")
  var seed: UInt64 = 0

  @OptionGroup var machine: MachineOptions

  func validate() throws {
    func check(_ condition: Bool, _ message: String) throws {
      if !condition { throw ValidationError(message) }
    }
    try check((1...65536).contains(batch ?? 1), "--batch must be 1 to 65536.")
    try check((learningRate ?? 1) > 0, "--learning-rate must be above 0.")
    try check(weightDecay >= 0, "--weight-decay must not be negative.")
    try check((0..<1).contains(labelSmoothing), "--label-smoothing must be in 0..<1.")
    try check((0..<1).contains(average), "--average must be in 0..<1.")
    try check((0...1024).contains(shift ?? 0), "--shift must be 0 to 1024.")
    try check((0...1).contains(brightness), "--brightness must be in 0…1.")
    try check((0...1).contains(color), "--color must be in 0…1.")
  }

  /// The settings for a network and pictures.
  func settings(
    epochs: Int, adversary: Adversary?, _ architecture: Architecture, _ data: TrainingData
  ) throws -> TrainingSettings {
    let (channels, width) = (data.training.shape[0], data.training.shape[2])
    var settings = TrainingSettings(threads: machine.threadCount)
    settings.epochs = epochs
    settings.rule = optimizer == .sgd ? .sgd : .adam
    settings.suit(architecture, data, batch: batch, learningRate: learningRate)
    settings.decline = schedule
    settings.weightDecay = weightDecay
    settings.labelSmoothing = labelSmoothing
    settings.averageDecay = average
    settings.augmentation = TrainingAugmentation(
      mirrors: mirror ?? (channels == 3), shift: min(shift ?? width / 10, width - 1),
      brightness: brightness, color: color)
    settings.adversary = adversary
    settings.examiner =
      try examiner.map(Adversary.init)
      ?? adversary.map { Adversary(norm: $0.norm, radius: $0.radius, steps: 20) }
    settings.seed = seed
    return settings
  }
}
