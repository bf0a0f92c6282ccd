import Foundation
import Networks
import Verification

/// What comes of a folder of cases laid out as ONNX's own backend tests, one folder a case.
struct BackendReport {
  /// How many cases there are.
  private(set) var total = 0
  /// How many pass.
  private(set) var passed = 0
  /// The operators that a case which passes consists of alone.
  private(set) var operators: Set<String> = []
  /// The cases that are out of scope: how many, by the reason.
  private(set) var leftOut: [String: Int] = [:]
  /// The cases that fail, and what is wrong with them.
  private(set) var failures: [String] = []

  /// Nothing yet.
  init() {}

  /// Runs every case in a folder.
  ///
  /// - Throws: Where the folder cannot be read.
  init(casesIn folder: URL) throws {
    for file in try Self.contents(folder) { run(file) }
  }

  /// The report of two folders together.
  static func + (a: BackendReport, b: BackendReport) -> BackendReport {
    var sum = a
    sum.total += b.total
    sum.passed += b.passed
    sum.operators.formUnion(b.operators)
    sum.leftOut.merge(b.leftOut, uniquingKeysWith: +)
    sum.failures += b.failures
    return sum
  }

  /// The folders in a folder, in order.
  ///
  /// - Throws: Where it cannot be read.
  static func contents(_ folder: URL) throws -> [URL] {
    try FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)
      .filter(\.hasDirectoryPath).sorted { $0.path < $1.path }
  }

  private mutating func run(_ folder: URL) {
    total += 1
    let name = folder.lastPathComponent
    guard let failure = failure(of: folder) else {
      passed += 1
      return
    }
    if let reason = OperatorsLeftOut.reason(name, failure) {
      leftOut[reason, default: 0] += 1
    } else {
      failures.append("\(name): \(failure)")
    }
  }

  /// What is wrong with a case, `nil` if nothing.
  private mutating func failure(of folder: URL) -> String? {
    do {
      let golden = try GoldenCase(folder: folder)
      for check in golden.checks(threads: 1) {
        if let failure = check.failure { return failure }
        if check.excess > 1 { return "\(check.name): \(check.excess) times the tolerance" }
      }
      let types = golden.network.graph.nodes.map(\.type)
      if types.count == 1 { operators.formUnion(types) }
      return nil
    } catch {
      return "\(error)"
    }
  }
}

extension BackendReport: CustomStringConvertible {
  var description: String {
    let lines =
      leftOut.sorted { $0.key < $1.key }.map { "  left out, \($0.key): \($0.value)" }
      + failures.map { "  FAILS \($0)" }
    return (["\(passed) of \(total) pass"] + lines).joined(separator: "\n")
  }
}
