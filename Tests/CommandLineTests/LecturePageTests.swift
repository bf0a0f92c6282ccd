import Foundation
import Imaging
import Testing

/// The page of the lecture says what its programs print, and shows what they draw.
///
/// Ascents and trainings amplify rounding, which differs between instruction sets: between `avx512` and `portable`
/// a value of the ascent by 0.8 %, a picture by 5 of 255 levels on average, a plot by 4 points.
@Suite struct LecturePageTests {
  private static let package = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent()
  private static let catalog = package.appending(
    path: "Sources/Backpropagation/Backpropagation.docc")

  /// The programs, by their names.
  static let programs = files(in: package.appending(path: "Snippets"))
    .filter { $0.hasSuffix(".swift") }.map { String($0.dropLast(".swift".count)) }

  @Test(arguments: programs)
  func thePageIsWhatTheProgramDoes(_ name: String) throws {
    let parts = try #require(try Self.parts()[name], "the page does not run \(name)")
    let tolerance = name == "15-Ascent" ? 0.015 : 0.002
    let executable = try program().deletingLastPathComponent().appending(path: name)
    try inEmptyFolder { folder in
      let run = try run(executable, [], in: folder)
      #expect(run.status == 0 && run.errors.isEmpty, "\(run.errors)")
      var output = run.output.split(separator: "\n")[...]
      for line in parts.flatMap(\.printed) {
        let place = output.firstIndex { agrees($0, line, relative: tolerance, absolute: 0) }
        #expect(place != nil, "\(name) does not print “\(line)”, or prints it earlier")
        output = output[((place ?? output.startIndex - 1) + 1)...]
      }
      for picture in parts.flatMap(\.pictures) {
        try expectSame(
          picture, shown: Self.catalog.appending(path: "Resources"),
          drawn: folder.appending(path: "outputs"))
      }
    }
  }

  @Test func thePageShowsEveryPictureThatIsKept() throws {
    let shown = try Self.parts().values.joined().flatMap(\.pictures)
    let kept = files(in: Self.catalog.appending(path: "Resources")).map { $0.prefix { $0 != "." } }
    #expect(Set(kept) == Set(shown.map { $0[...] }) && kept.count == shown.count)
  }

  /// What follows a program's `swift run` on the page, up to the next program's.
  private struct Part {
    var printed: [Substring] = []
    var pictures: [String] = []
  }

  private static func parts() throws -> [String: [Part]] {
    let page = try String(contentsOf: catalog.appending(path: "The-lecture.md"), encoding: .utf8)
    var parts: [String: [Part]] = [:]
    for piece in page.split(separator: "swift run ").dropFirst() {
      let name = String(piece.prefix { $0 != "`" })
      let printed = piece.split(separator: "```").enumerated().filter { $0.offset % 2 == 1 }
      let pictures = piece.matches(of: /!\[[^\]]+\]\(([a-z-]+)\)/).map { String($0.output.1) }
      parts[name, default: []].append(
        Part(printed: printed.flatMap { $0.element.split(separator: "\n") }, pictures: pictures))
    }
    return parts
  }

  /// Compares a picture on the page with what the program drew.
  private func expectSame(_ name: String, shown: URL, drawn: URL) throws {
    let advice = "\(name) has changed; .ci/lecture puts the new one on the page"
    let drawing = drawn.appending(path: "\(name).svg")
    if FileManager.default.fileExists(atPath: drawing.path) {
      let (new, old) = try (
        String(contentsOf: drawing, encoding: .utf8),
        String(contentsOf: shown.appending(path: "\(name).svg"), encoding: .utf8)
      )
      #expect(agrees(new[...], old[...], relative: 0, absolute: 8), Comment(rawValue: advice))
    } else {
      let (new, old) = try (
        Picture(contentsOf: drawn.appending(path: "\(name).png").path),
        Picture(contentsOf: shown.appending(path: "\(name).png").path)
      )
      try #require(new.bytes.count == old.bytes.count, Comment(rawValue: advice))
      let difference = zip(new.bytes, old.bytes).reduce(0) { $0 + abs(Int($1.0) - Int($1.1)) }
      #expect(difference <= 10 * new.bytes.count, Comment(rawValue: advice))
    }
  }

  /// Whether two texts are the same but for white space and a little in their numbers.
  private func agrees(
    _ a: Substring, _ b: Substring, relative: Double, absolute: Double
  ) -> Bool {
    let (a, b) = (pieces(of: a), pieces(of: b))
    return a.words == b.words && a.numbers.count == b.numbers.count
      && zip(a.numbers, b.numbers).allSatisfy { x, y in
        abs(x - y) <= absolute + relative * max(abs(x), abs(y))
      }
  }

  private func pieces(of text: Substring) -> (words: [Substring], numbers: [Double]) {
    let number = /-?[0-9]+(?:\.[0-9]+)?(?:e-?[0-9]+)?/
    let words = text.replacing(number, with: " # ").split(whereSeparator: \.isWhitespace)
    return (words, text.matches(of: number).compactMap { Double($0.output) })
  }
}
