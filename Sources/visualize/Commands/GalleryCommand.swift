import ArgumentParser
import Files
import Galleries
import Imaging
import Networks
import Portraits
import Synchronization
import Visualization

/// Many pictures from a plan, and a page that shows them.
struct GalleryCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "gallery",
    abstract: "Make a gallery from a plan: pictures, a contact sheet and a web page.",
    usage: "visualize gallery <plan> [<options>]",
    discussion: """
        visualize gallery Examples/everyday.yaml

      A plan is a short text that lists units and settings:

        title: What the network sees
        defaults:
          steps: 256
        pictures:
          - all logits
          - layer3:0-15
          - unit: cat
            seeds: 4

      Pictures that are there already stay, so that an interrupted gallery goes on where it \
      stopped, and after a change to the plan only what changed is made; what another gallery, \
      `visualize serve` or `visualize microscope` made of the same model is taken from MODEL.cache. \
      What of a plan cannot be made is named, and the rest is made; the status is then 1. \
      Examples/everyday.yaml explains everything that a plan can say.

      Any number of machines may make one gallery, each a part; --merge then makes the page:

        visualize gallery plan.yaml --part 2/4
        visualize gallery plan.yaml --merge

      Examples/cluster has jobs for Slurm and Kubernetes.
      """)

  @Argument(help: "The plan, a YAML file.", completion: .file(extensions: ["yaml", "yml"]))
  var plan: String

  @Option(
    name: [.short, .long],
    help: ArgumentHelp(
      "Where the gallery goes. (default: what the plan says, or outputs/PLAN)", valueName: "folder"),
    completion: .directory)
  var output: String?

  @Flag(help: "Only say what would be made, and how long it would take.")
  var dryRun = false

  @Flag(help: "Replace whatever is there under the names of the results.")
  var force = false

  @OptionGroup var keeping: CacheOptions

  @OptionGroup(title: "Many machines") var machines: PartOptions

  @OptionGroup(title: "Model") var model: ModelOptions

  func validate() throws {
    try PictureOutput.checkFolder(output)
    if dryRun && machines.merge {
      throw ValidationError("--dry-run says what would be made, and --merge makes no picture.")
    }
  }

  func run() async throws {
    let plan = try GalleryPlan(contentsOf: plan)
    let network = try model.network(at: model.model ?? plan.model)
    network.announce(size: network.pictureSize(nil))
    var provenance = Provenance.current
    provenance.modelOptions = model.words(naming: model.model ?? plan.model)
    var gallery = try Gallery(plan, network: network, folder: output, provenance: provenance)
    gallery.write = machines.write
    gallery.cache = keeping.cache(of: network.path)
    gallery.part = machines.part
    if machines.isShared { try gallery.checkIsAlikeElsewhere() }
    try gallery.checkOutput(replacing: force)
    for note in gallery.leftOut { Terminal.note("\(note).") }
    if let refused = gallery.refused { Terminal.note("\(refused)\n\(Self.leftOut(refused))") }
    if machines.merge {
      Terminal.note(
        "\(gallery.title): merging \(gallery.items.count) pictures in \(gallery.folder).")
      return try conclude(try gallery.merge(), unexplained: try gallery.failedSheets(), gallery)
    }
    let missing = gallery.missingItems
    announce(gallery, missing: missing.count)
    if dryRun {
      for sheet in gallery.sharedSheets where !gallery.isMade(sheet) {
        print(gallery.path(of: sheet))
      }
      for item in missing { print(gallery.path(of: item)) }
      // As without --dry-run: another try of a part would not help.
      if gallery.refused != nil && machines.part == nil { throw ExitCode.failure }
      return
    }
    let unexplained = try makeSheets(gallery)
    try conclude(try await make(gallery), unexplained: unexplained, gallery)
  }

  /// What follows the reasons why entries of a plan cannot be made.
  private static func leftOut(_ refused: GalleryPlanError) -> String {
    let count = refused.problems.count
    return "\(count == 1 ? "That is" : "These \(count) are") left out; everything else is made."
  }

  private func announce(_ gallery: Gallery, missing: Int) {
    let count = gallery.sharedItems.count
    if count == 0 { return }
    let share = machines.part.map { " of part \($0)" } ?? ""
    var text =
      "\(gallery.title): \(count) picture\(count == 1 ? "" : "s")\(share) in \(gallery.folder)"
    if missing < count { text += ", \(count - missing) there already" }
    let kept = gallery.keptCount
    if kept > 0 { text += ", \(kept) in the cache" }
    if missing > kept, let time = gallery.estimate(threads: model.threadCount) {
      text += ", \(missing - kept) to make in about \(time.inWords)"
    }
    Terminal.note(text + ".")
  }

  /// Explains the plan's photographs.
  private func makeSheets(_ gallery: Gallery) throws -> [(sheet: GallerySheet, reason: String)] {
    let bar = ProgressBar(total: 1000)
    defer { bar.finish() }
    return try gallery.makeSheets(threads: model.threadCount) { sheet, share in
      bar.update(Int(share * 1000), sheet.fileName)
    }
  }

  private func make(_ gallery: Gallery) async throws -> Gallery.Report {
    let bar = Mutex(ProgressBar(total: 10_000))
    let last = Mutex(GalleryProgress?.none)
    Interruption.onEnd {
      guard let progress = last.withLock({ $0 }) else { return nil }
      return
        "Stopped after \(progress.done) of \(progress.total) pictures; they stay, and the same "
        + "command goes on from here."
    }
    let report = try await gallery.make(threads: model.threadCount) { progress in
      last.withLock { $0 = progress }
      let failed = progress.failed == 0 ? "" : ", \(progress.failed) failed"
      bar.withLock {
        $0.update(
          Int(progress.share * 10_000),
          "picture \(min(progress.done + 1, progress.total))/\(progress.total)\(failed)")
      }
    }
    bar.withLock { $0.finish() }
    return report
  }

  /// Says what happened, and fails if a picture did; of a part, only if another try may help.
  private func conclude(
    _ report: Gallery.Report, unexplained: [(sheet: GallerySheet, reason: String)],
    _ gallery: Gallery
  ) throws {
    if machines.part == nil {
      if !gallery.items.isEmpty { print(gallery.contactSheetPath) }
      print(gallery.pagePath)
    }
    for (sheet, reason) in unexplained { Terminal.note("\(sheet.picture): \(reason)") }
    for (item, reason) in report.failed { Terminal.note("\(item.subject.description): \(reason)") }
    if let refused = gallery.refused { Terminal.note("\(refused)") }
    for item in report.ofOneColor {
      Terminal.note(
        "\(item.subject.description): the picture is of one colour. Smaller penalties, or another start, let it go."
      )
    }
    let parts = [
      report.made.isEmpty ? nil : "\(report.made.count) made",
      report.kept.isEmpty ? nil : "\(report.kept.count) there already",
      report.failed.isEmpty ? nil : "\(report.failed.count) could not be made",
      gallery.refused.map { "\($0.problems.count) of the plan left out" },
    ]
    let said = parts.compactMap { $0 }.joined(separator: ", ")
    if !said.isEmpty { Terminal.note(said + ".") }
    let isComplete = report.failed.isEmpty && unexplained.isEmpty && gallery.refused == nil
    if try !isComplete && !(machines.part != nil && gallery.isSettled()) {
      throw ExitCode.failure
    }
  }
}
