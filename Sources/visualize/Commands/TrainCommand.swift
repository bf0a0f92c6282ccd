import ArgumentParser
import Foundation
import Imaging
import Networks
import Tensors
import Training
import Visualization

/// A network of one's own, from pictures to an ONNX file.
struct TrainCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "train",
    abstract: "Train a network on pictures in folders.",
    discussion: """
      The data: a folder with a folder for each class (PNG and JPEG; with train and val \
      above them, or every tenth picture is kept for validation), or MNIST's or CIFAR-10's \
      files.

      The architecture: mlp:256,128 (fully connected), cnn:32,64/2 (convolutions; /2 halves \
      height and width) or resnet:32,64/2+1 (+n adds n residual blocks).

        visualize train --data everyday64 --adversary l2:1 --output models/mine.onnx

      An adversary makes the network learn from pictures that were changed, within a \
      radius, to deceive it; its units then look like things to a person.

      Beside the file, a plot of loss and accuracy grows with every epoch. Ctrl-C saves; the \
      same command goes on from there, to the same bytes.
      """)

  @Option(help: ArgumentHelp("The pictures.", valueName: "folder"), completion: .directory)
  var data: String

  @Option(help: ArgumentHelp("The network in a few words.", valueName: "text"))
  var architecture = "resnet:32,64/2,128/2+1,192/2+1"

  @Option(help: ArgumentHelp("Passes over the pictures.", valueName: "count"))
  var epochs = 15

  @Option(
    help: ArgumentHelp(
      "Train adversarially: l2:1, linf:0.03, or l2:1x3 for three steps.", valueName: "norm:radius"))
  var adversary: String?

  @Option(
    help: ArgumentHelp(
      "Height and width of the pictures. (default: those of the first)", valueName: "pixels"))
  var size: Int?

  @Option(
    help: ArgumentHelp(
      "Begin with smaller pictures, which is faster: 40,48 for a third of the epochs each.",
      valueName: "pixels,…"),
    transform: widths)
  var grow: [Int]?

  @Option(
    name: .shortAndLong, help: ArgumentHelp("The ONNX file.", valueName: "file"),
    completion: .file(extensions: ["onnx"]))
  var output: String

  @Flag(help: "Begin anew, even if there is a checkpoint to go on from.")
  var restart = false

  @OptionGroup(title: "Details") var options: TrainingOptions

  private var checkpoint: String { output + ".checkpoint" }
  private var plot: String { output.dropLast(".onnx".count) + ".png" }

  func validate() throws {
    guard (1...100_000).contains(epochs) else {
      throw ValidationError("--epochs must be 1 to 100000, not \(epochs).")
    }
    if let size, !(1...4096).contains(size) {
      throw ValidationError("--size must be 1 to 4096, not \(size).")
    }
    guard output.hasSuffix(".onnx") else {
      throw ValidationError("--output must end in .onnx, not \(output).")
    }
    do {
      _ = try Architecture(architecture)
      for text in [adversary, options.examiner] { _ = try text.map(Adversary.init) }
    } catch { throw ValidationError("\(error)") }
  }

  func run() throws {
    let data = try TrainingData(
      contentsOf: data, size: size.map { ($0, $0) }, threads: options.threads ?? processorCount)
    let shape = data.training.shape
    var settings = try options.settings(
      epochs: epochs, adversary: adversary.map(Adversary.init), channels: shape[0], width: shape[2])
    settings.smallerWidths = grow ?? []
    let trainer = try Trainer(Architecture(architecture), data: data, settings: settings)
    print(
      "\(data.classes.count) classes, \(data.training.count) pictures of \(shape[2])×\(shape[1]), "
        + "\(data.validation.count) for validation; \(trainer.parameterCount.abbreviated) weights")
    if !restart, FileManager.default.fileExists(atPath: checkpoint) {
      try trainer.resume(from: checkpoint)
      for record in trainer.history { print(line(record)) }
    }
    try Interruption.gracefully { try train(trainer) }
  }

  private func train(_ trainer: Trainer) throws {
    let bar = ProgressBar(total: trainer.totalSteps)
    var last: ContinuousClock.Instant?
    var (steps, time) = (0, Duration.zero)
    bar.update(trainer.step)
    let isDone = try trainer.run(
      shouldStop: { Interruption.isRequested },
      progress: { progress in
        if let last { (steps, time) = (steps + 1, time + (.now - last)) }
        last = .now
        bar.update(
          progress.step,
          "epoch \(progress.epoch)/\(progress.epochs)   loss \(progress.loss.fixed(3))   "
            + "\((100 * progress.accuracy).fixed(1)) %")
      },
      epochDone: { record in
        bar.finish()
        last = nil
        print(line(record))
        fflush(nil)
        try Interruption.deferred {
          try trainer.saveCheckpoint(to: checkpoint)
          try trainer.plot().write(to: plot)
        }
      })
    bar.finish()
    guard isDone else {
      try trainer.saveCheckpoint(to: checkpoint)
      Terminal.note("Saved as \(checkpoint); the same command goes on from there.")
      return
    }
    if steps > 0 {
      let rate = Double(steps * trainer.batch) / (time / .seconds(1))
      Terminal.note("Trained on \(rate.fixed(rate < 10 ? 1 : 0)) pictures a second.")
    }
    let words = [
      "trained by visualize \(Visualize.version)", architecture, "\(epochs) epochs",
      grow.map { "grow \($0.map(String.init).joined(separator: ","))" },
      adversary.map { "adversary \($0)" }, "seed \(options.seed)",
    ]
    try trainer.export(to: output, source: words.compactMap { $0 }.joined(separator: ", "))
    try? FileManager.default.removeItem(atPath: checkpoint)
    print(output)
  }

  private func line(_ record: EpochRecord) -> String {
    func percent(_ share: Double) -> String { "\((100 * share).fixed(1)) %".paddedOnLeft(to: 8) }
    let epoch = "\(record.epoch)".paddedOnLeft(to: "\(epochs)".count)
    let attacked = record.robustAccuracy.map { ", attacked \(percent($0))" } ?? ""
    return
      "epoch \(epoch)/\(epochs)  loss \(record.loss.fixed(3))  training\(percent(record.accuracy))"
      + "  validation\(percent(record.validationAccuracy))\(attacked)"
  }
}

/// Reads `40,48`.
private func widths(_ text: String) throws -> [Int] {
  try text.split(separator: ",", omittingEmptySubsequences: false).map { part in
    guard let width = Int(part), (1...4096).contains(width) else {
      throw ValidationError("--grow takes widths such as 40,48, not \(text).")
    }
    return width
  }
}
