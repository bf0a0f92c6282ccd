import ArgumentParser
import Files
import Foundation
import Imaging
import Networks
import Portraits
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

      Beside the file, a plot of loss and accuracy (.png and .svg) grows with every epoch. Ctrl-C saves; the \
      same command goes on from there, to the same bytes. A finished network is replaced by \
      the same training alone.
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

  @Flag(help: "Replace whatever is there under the names of the results.")
  var force = false

  @OptionGroup(title: "Details") var options: TrainingOptions

  private var checkpoint: String { output + ".checkpoint" }
  private var plot: String { output.dropLast(".onnx".count) + ".png" }
  private var drawing: String { output.dropLast(".onnx".count) + ".svg" }

  func validate() throws {
    guard (1...100_000).contains(epochs) else {
      throw ValidationError("--epochs must be 1 to 100000, not \(epochs).")
    }
    if let size, !(1...4096).contains(size) {
      throw ValidationError("--size must be 1 to 4096, not \(size).")
    }
    if let grow, epochs <= grow.count {
      throw ValidationError(
        "--grow names \(grow.count) width\(grow.count == 1 ? "" : "s") before the full one, which takes --epochs "
          + "\(grow.count + 1) or more, not \(epochs).")
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
    try checkWritable(output)
    try checkWritable(plot)
    let data = try TrainingData(
      contentsOf: data, size: size.map { ($0, $0) }, threads: options.machine.threadCount)
    let architecture = try Architecture(architecture)
    var settings = try options.settings(
      epochs: epochs, adversary: adversary.map(Adversary.init), architecture, data)
    settings.smallerWidths = grow ?? []
    let trainer = try Trainer(
      architecture, data: data, settings: settings, program: Provenance.current.software)
    if !force { try trainer.checkOutput(output, plot: plot, drawing: drawing) }
    let lock = try lock()
    defer { withExtendedLifetime(lock) {} }
    let note =
      restart || !Trainer.hasCheckpoint(at: checkpoint)
      ? nil : try trainer.resume(from: checkpoint)
    introduce(trainer)
    if let note { Terminal.note(note) }
    for record in trainer.history { print(line(record)) }
    try Interruption.gracefully { try train(trainer) }
  }

  /// Keeps other trainings from the same files.
  private func lock() throws -> FileLock {
    let file = URL(filePath: output)
    let folder = file.deletingLastPathComponent().path
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    // A moment's patience: another process may be looking whether the lock is a leftover.
    for _ in 0..<5 {
      if let lock = try FileLock.taken(on: file.lastPathComponent, in: folder) { return lock }
      Thread.sleep(forTimeInterval: 0.1)
    }
    throw FileError.unwritable(
      file: output,
      reason: "another training is writing it; wait for that or choose another name")
  }

  private func introduce(_ trainer: Trainer) {
    let (data, shape) = (trainer.data, trainer.data.training.shape)
    print(
      "\(data.classes.count) classes, \(data.training.count) pictures of \(shape[2])×\(shape[1]), "
        + "\(data.validation.count) for validation; \(trainer.parameterCount.abbreviated) weights")
    let settings = trainer.settings
    let isSmall = options.batch == nil && settings.batch < 128
    let isSlow =
      options.learningRate == nil && settings.rule == .sgd && settings.learningRate < 0.15
    if isSmall || isSlow {
      Terminal.note(
        "\(trainer.batch) pictures a step, \(trainer.stepsPerEpoch) steps an epoch, a step size of up to "
          + String(format: "%.3g", settings.learningRate) + " (--batch, --learning-rate).")
    }
  }

  private func train(_ trainer: Trainer) throws {
    let bar = ProgressBar(total: trainer.totalSteps)
    var last: ContinuousClock.Instant?
    var (steps, time) = (0, Duration.zero)
    bar.update(trainer.step)
    let isDone: Bool
    do {
      isDone = try trainer.run(
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
          // The plot first, so that it is never behind what a training goes on from.
          try savePlot(of: trainer)
          try Interruption.deferred { try trainer.saveCheckpoint(to: checkpoint) }
          print(line(record))
          try Terminal.flushOutput()
        })
    } catch let error as TrainingError {
      bar.finish()
      if case .diverged = error { try keepLastGood(of: trainer) }
      throw error
    }
    bar.finish()
    guard isDone else {
      try Interruption.deferred { try trainer.saveCheckpoint(to: checkpoint) }
      Terminal.note("Saved as \(checkpoint); the same command goes on from there.")
      return
    }
    if steps > 0 {
      let rate = Double(steps * trainer.batch) / (time / .seconds(1))
      Terminal.note("Trained on \(rate.fixed(rate < 10 ? 1 : 0)) pictures a second.")
    }
    try savePlot(of: trainer)
    try trainer.export(to: output, source: source)
    try Trainer.removeCheckpoint(at: checkpoint)
    print(output)
  }

  private func savePlot(of trainer: Trainer) throws {
    let bytes = try trainer.plotFile()
    let svg = Array(trainer.plotSVG.utf8)
    try Interruption.deferred {
      try writeAtomically(bytes, to: plot)
      try writeAtomically(svg, to: drawing)
    }
  }

  /// After a divergence: the network of the last epoch that was sound as a file of its own; its checkpoint
  /// would only lead to the same divergence.
  private func keepLastGood(of trainer: Trainer) throws {
    guard !trainer.history.isEmpty, Trainer.hasCheckpoint(at: checkpoint) else { return }
    try trainer.resume(from: checkpoint)
    let stem = "\(output.dropLast(".onnx".count))-epoch-\(trainer.history.count)"
    var path = "\(stem).onnx"
    var number = 2
    while isFileWithContent(at: path) {
      path = "\(stem)-\(number).onnx"
      number += 1
    }
    try trainer.export(to: path, source: source)
    try Trainer.removeCheckpoint(at: checkpoint)
    Terminal.note("The network as it was after epoch \(trainer.history.count) is kept as \(path).")
  }

  /// How the network came about, for the file's metadata.
  private var source: String {
    let words = [
      "trained by visualize \(Visualize.version)", architecture, "\(epochs) epochs",
      grow.map { "grow \($0.map(String.init).joined(separator: ","))" },
      adversary.map { "adversary \($0)" }, "seed \(options.seed)",
    ]
    return words.compactMap { $0 }.joined(separator: ", ")
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
