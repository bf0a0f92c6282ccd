import ArgumentParser
import Foundation
import Networks
import Tensors
import Verification

/// Recorded numbers against computed ones.
struct VerifyCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "verify",
    abstract:
      "Compare what is computed here with what another program recorded, or with double precision.",
    usage: """
      visualize verify <case> … [--tolerance <error>] [--threads <count>]
             visualize verify --exact <file> [--unit <unit>] [--picture <file>]
      """,
    discussion: """
      A case is a folder: model.onnx, test_data_set_0/input_0.pb and output_0.pb as in \
      ONNX's own tests, and a case.json that says what else was recorded: gradients, \
      activations, attributions, \
      attention, metrics. A folder of cases stands for all of them. \
      Examples/write-golden-case.py makes a case of your own PyTorch module.

        visualize verify golden/vgg-mini golden/resnet-mini

      For every item: ‖computed − recorded‖ / ‖recorded‖; where case.json gives an item a \
      tolerance of its own, max |computed − recorded| / max |recorded|. The exit status is \
      1 if one is over the tolerance or cannot be run.

      --exact needs no other program: it computes a network once as ever and once in double \
      precision, node by node as the file has it, by loops that share nothing with the \
      kernels, and compares all layers and the gradient of a unit with respect to the input.

        visualize verify --exact resnet50.onnx --picture cat.jpg --unit 281

      A difference is the largest of a layer or gradient over its largest number. Rectifiers \
      and maxima that fall the other way in single precision, where two numbers are the same but \
      for rounding, are counted, and the gradient is compared once more with them chosen \
      alike: what still differs is arithmetic. The exit status is 1 where a layer differs by more \
      than 2e-5 or the gradient by more than 1e-4, with the same choices. Roundings to whole \
      numbers and comparisons are among these, as quantized networks have them. They are taken \
      alike only where the numbers that they hang on are the same but for rounding. Where \
      something still differs, every node's numbers are rounded to single precision once more, \
      and what lies within thirty times what becomes of that is marked "rounding": 0 but for it, \
      or what is left where large terms cancel. Networks that choose the largest of many (TopK, \
      ArgMax) have their layers compared in one plan, as choices are alike in one alone.

      In place of the file a case's folder may stand: its recorded input goes in.

        visualize verify --exact golden/resnet-mini --unit 0
      """)

  @Argument(help: ArgumentHelp("Folders of cases.", valueName: "case"), completion: .directory)
  var cases: [String] = []

  @Option(
    help: ArgumentHelp(
      "Compare this network, an ONNX file or a case's folder, with double precision.",
      valueName: "file"),
    completion: .file(extensions: ["onnx"]))
  var exact: String?

  @Option(
    help: ArgumentHelp(
      "With --exact: whose gradient is compared: a class, or a layer and channel such as layer3:17. "
        + "(default: the largest class, or all of the first result with random weights)"))
  var unit: String?

  @Option(
    help: ArgumentHelp(
      "With --exact: the picture that goes in. (default: noise)", valueName: "file"),
    completion: .file(extensions: ["png", "jpg", "jpeg"]))
  var picture: String?

  @Option(help: ArgumentHelp("With --exact: the seed of noise and weights.", valueName: "number"))
  var seed: UInt64?

  @Option(help: "The largest relative error of a recorded value that passes. (default: 0.0001)")
  var tolerance: Double?

  @OptionGroup(title: "Model") var model: ModelOptions

  /// The largest relative error that passes.
  private var allowed: Double { tolerance ?? 1e-4 }

  func validate() throws {
    guard cases.isEmpty == (exact != nil) else {
      throw ValidationError(
        exact == nil
          ? "Missing expected argument '<case> …'"
          : "--exact goes without cases; name one of the two.")
    }
    guard exact != nil || (unit == nil && picture == nil && model.model == nil) else {
      throw ValidationError("--unit, --picture and --model go with --exact; name a file with it.")
    }
    guard model.model == nil else {
      throw ValidationError("the network is named by --exact; leave --model out.")
    }
    let words = model.words(naming: nil)
    guard exact != nil || (seed == nil && words.isEmpty) else {
      throw ValidationError(
        "\(seed == nil ? words : "--seed") goes with --exact: cases are computed as their files say."
      )
    }
    guard seed == nil || picture == nil || unit == nil else {
      throw ValidationError(
        "--seed draws noise or weights, and with --picture and --unit there are none; leave it out."
      )
    }
    guard let tolerance else { return }
    guard exact == nil else {
      throw ValidationError("--exact has limits of its own, see --help; leave --tolerance out.")
    }
    guard tolerance > 0, tolerance.isFinite else {
      throw ValidationError("--tolerance must be a positive number, not \(tolerance).")
    }
  }

  func run() throws {
    if let exact {
      let folder = Self.folder(exact)
      guard folder == nil || picture == nil else {
        throw ValidationError("the case's recorded input goes in; leave --picture out.")
      }
      guard folder == nil || seed == nil || unit == nil else {
        throw ValidationError(
          "--seed draws noise or weights, and with a case and --unit there are none; leave it out.")
      }
      let file = folder?.appending(path: "model.onnx").path ?? exact
      let run = ExactRun(
        network: try model.network(at: file), recorded: folder, unit: unit, picture: picture,
        seed: seed ?? 0, threads: model.threadCount, preparing: model.preparingWords)
      guard try run.prints() else { throw ExitCode.failure }
      return
    }
    var (passed, failed) = (0, 0)
    let folders = cases.flatMap(Self.folders)
    guard !folders.isEmpty else {
      throw ValidationError("nothing to compare: \(cases.joined(separator: ", ")) is no folder")
    }
    for folder in folders {
      print(folder.lastPathComponent)
      var reasons = Set<Substring>()
      for check in checks(folder) {
        let passes = check.passes(allowed)
        if passes { passed += 1 } else { failed += 1 }
        print(line(check, passes: passes))
        // Where one node keeps every item of a case from running, it is named once.
        for reason in (check.failure ?? "").split(separator: "\n")
        where reasons.insert(reason.drop { $0 == " " }).inserted {
          print("    " + String(reason).wrapped(at: 79, indent: "    ", first: 4))
        }
      }
      try Terminal.flushOutput()
    }
    let verdict =
      failed == 0 ? "all \(passed) agree" : "\(failed) of \(passed + failed) do not agree"
    print("\(verdict) within \(Self.scientific(allowed))")
    if failed > 0 { throw ExitCode.failure }
  }

  /// A path as a folder, if it is one.
  private static func folder(_ path: String) -> URL? {
    var isFolder: ObjCBool = false
    guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder), isFolder.boolValue
    else { return nil }
    return URL(filePath: path, directoryHint: .isDirectory)
  }

  /// The case in a folder, or every case in the folders below it.
  private static func folders(_ path: String) -> [URL] {
    let folder = URL(filePath: path, directoryHint: .isDirectory)
    var isFolder: ObjCBool = true
    if FileManager.default.fileExists(atPath: path, isDirectory: &isFolder), !isFolder.boolValue {
      Terminal.note("\(path) is a file and no case; it is left out.")
      return []
    }
    let isCase = { (folder: URL) in
      FileManager.default.fileExists(atPath: folder.appending(path: "model.onnx").path)
    }
    if isCase(folder) { return [folder] }
    let inside =
      (try? FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil))
      ?? []
    let cases = inside.filter(isCase).sorted { $0.lastPathComponent < $1.lastPathComponent }
    return cases.isEmpty ? [folder] : cases
  }

  private func checks(_ folder: URL) -> [GoldenCase.Check] {
    do {
      let golden = try GoldenCase(folder: folder)
      return golden.checks(threads: model.threadCount) + recordingChecks(golden)
    } catch let error as DecodingError {
      return [.init("case.json", failure: Self.reason(error))]
    } catch {
      return [.init("case", failure: "\(error)")]
    }
  }

  private func recordingChecks(_ golden: GoldenCase) -> [GoldenCase.Check] {
    golden.recordings.flatMap { recording in
      golden.checks(of: recording, threads: model.threadCount).map {
        $0.named("\(recording.section.singular) \($0.name)")
      }
    }
  }

  private static func reason(_ error: DecodingError) -> String {
    switch error {
    case .keyNotFound(let key, let context):
      "'\(key.stringValue)' is missing\(place(context))"
    case .typeMismatch(_, let context), .valueNotFound(_, let context):
      "\(context.debugDescription)\(place(context))"
    default: "it is no JSON"
    }
  }

  private static func place(_ context: DecodingError.Context) -> String {
    let path = context.codingPath.map { $0.intValue.map(String.init) ?? $0.stringValue }
    return path.isEmpty ? "" : " in \(path.joined(separator: "."))"
  }

  private func line(_ check: GoldenCase.Check, passes: Bool) -> String {
    let name = "  " + check.name.padded(to: 52)
    if check.failure != nil { return "\(name)  cannot be run" }
    let own = check.limit(allowed)
    let limit = Self.scientific(own)
    let mark = passes ? (own == allowed ? "" : "  (of \(limit))") : "  over \(limit)"
    return "\(name)  \(Self.scientific(check.error))\(mark)"
  }

  /// Two significant digits: `1.2e-07`.
  static func scientific(_ value: Double) -> String {
    guard value.isFinite else { return "\(value)" }
    guard value > 0 else { return "0" }
    return String(format: "%.1e", value)
  }
}
