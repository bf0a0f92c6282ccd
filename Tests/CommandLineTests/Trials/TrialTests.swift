import Foundation
import Tensors
import Testing

/// Random command lines with whole and changed files: whatever is said, the program ends by itself, with 0, 1 or 64,
/// says why where it is not 0, and takes no more memory than it may.
///
/// `VISUALIZE_TRIALS` says how many there are, or which (`600-1199`), `VISUALIZE_TRIAL` the number of the one to repeat.
@Suite struct TrialTests {
  private static let environment = ProcessInfo.processInfo.environment
  private static let range: Range<UInt64> = {
    let ends = (environment["VISUALIZE_TRIALS"] ?? "120").split(separator: "-").compactMap {
      UInt64($0)
    }
    return ends.count == 2 ? ends[0]..<max(ends[0], ends[1]) + 1 : 0..<(ends.first ?? 120)
  }()
  private static let only = environment["VISUALIZE_TRIAL"].flatMap { UInt64($0) }

  /// The seconds after which a command counts as one that never ends.
  private static let patience: TimeInterval = 120

  @Test func itAlwaysEndsInWords() throws {
    let numbers = Self.only.map { [$0] } ?? Array(Self.range)
    var ends: [Int32: Int] = [:]
    for number in numbers {
      try inEmptyFolder { folder in
        var random = SplitMix64(seed: number)
        _ = try TrialFiles(in: folder, &random)
        let arguments = TrialArguments(random).arguments
        let end = try Self.end(of: arguments, in: folder)
        ends[end.status, default: 0] += 1
        let words =
          "trial \(number): \(arguments) ended with \(end.status): \(end.errors.suffix(300))"
        #expect([0, 1, 64].contains(end.status), "\(words)")
        #expect(!end.output.isEmpty || !end.errors.isEmpty, "silent \(words)")
        #expect(end.status == 0 || !(end.errors + end.output).isEmpty, "\(words)")
        #expect(!end.errors.contains("Fatal error"), "\(words)")
        #expect(!(end.output + end.errors).contains("\u{1B}"), "\(words)")
        #expect(end.peak < 1_000_000, "\(end.peak / 1000) MB: \(words)")
      }
    }
    if numbers.count > 120 { print("ends of \(numbers.count) command lines: \(ends)") }
    // Right and wrong ones, and files with which something is wrong: else nothing was tried.
    if numbers.count >= 100 { #expect(ends.filter { $0.value > 10 }.keys.sorted() == [0, 1, 64]) }
  }

  private static func end(
    of arguments: [String], in folder: URL
  ) throws -> (status: Int32, output: String, errors: String, peak: Int) {
    let process = Process()
    process.executableURL = try program()
    process.arguments = arguments
    process.currentDirectoryURL = folder
    process.standardInput = FileHandle.nullDevice
    process.environment = environment.merging(["VISUALIZE_MEMORY": "600MB"]) { $1 }
    let files = ["out", "err"].map { folder.appending(path: ".\($0)") }
    let handles = try files.map { file in
      try Data().write(to: file)
      return try FileHandle(forWritingTo: file)
    }
    (process.standardOutput, process.standardError) = (handles[0], handles[1])
    try process.run()
    let start = Date()
    var peak = 0
    while process.isRunning, -start.timeIntervalSinceNow < patience {
      peak = max(peak, residentPeak(of: process.processIdentifier))
      Thread.sleep(forTimeInterval: 0.005)
    }
    if process.isRunning { kill(process.processIdentifier, SIGKILL) }
    process.waitUntilExit()
    let texts = try files.map { String(decoding: try Data(contentsOf: $0), as: UTF8.self) }
    let isExit = process.terminationReason == .exit
    return (
      isExit ? process.terminationStatus : -process.terminationStatus, texts[0], texts[1], peak
    )
  }

  /// The most memory that a process has had so far, in kB; 0 where the system does not say it.
  ///
  /// Not what `getrusage` tells of children: on Linux a child that was spawned starts with its parent's figure.
  private static func residentPeak(of process: Int32) -> Int {
    let status = try? String(contentsOfFile: "/proc/\(process)/status", encoding: .utf8)
    let line = status?.split(separator: "\n").first { $0.hasPrefix("VmHWM:") }
    return line?.split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0
  }
}
