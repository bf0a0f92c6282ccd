import Foundation
import Testing

/// Libraries know of no command line: only the command's own sources name its options.
@Suite struct LibraryMessageTests {
  /// The record of a picture is a command.
  private static let exceptions = [
    "Portraits/Provenance.swift", "Portraits/Subject+Names.swift",
  ]

  @Test func noLibrarySpeaksOfOptions() throws {
    let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().appending(path: "Sources")
    let sources = files(in: root).filter {
      $0.hasSuffix(".swift") && !$0.hasPrefix("visualize/") && !Self.exceptions.contains($0)
    }
    #expect(sources.count > 200)
    for source in sources {
      let text = try String(contentsOf: root.appending(path: source), encoding: .utf8)
      for line in text.split(separator: "\n")
      where !line.drop(while: \.isWhitespace).hasPrefix("//") {
        #expect(line.firstMatch(of: /(^|[ "(`])--[a-z]/) == nil, "\(source): \(line)")
      }
    }
  }
}
