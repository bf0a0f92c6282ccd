import Foundation
import Galleries
@testable import Microscope
import Testing

/// Contrast of the pages' colours by the definition of WCAG 2.2 (1.4.3 and 1.4.11), in both themes.
@Suite struct StyleTests {
  private let style: String

  init() throws {
    style = String(decoding: try #require(Asset.named("style.css")).data, as: UTF8.self)
  }

  /// The colours by their names, in one theme.
  private func colors(isDark: Bool) throws -> [String: [Double]] {
    let dark = try #require(style.firstRange(of: "prefers-color-scheme: dark"))
    let end = try #require(style[dark.upperBound...].firstRange(of: "\n}\n"))
    var colors: [String: [Double]] = [:]
    for part in [style[..<dark.lowerBound]]
      + (isDark ? [style[dark.upperBound..<end.lowerBound]] : [])
    {
      for match in part.matches(of: /--([a-z]+): #([0-9a-f]+);/) {
        let digits = match.2.count == 3 ? match.2.map { "\($0)\($0)" }.joined() : String(match.2)
        let number = try #require(Int(digits, radix: 16))
        colors[String(match.1)] = [16, 8, 0].map { Double(number >> $0 & 255) / 255 }
      }
    }
    return colors
  }

  private func luminance(_ color: [Double]) -> Double {
    let linear = color.map { $0 <= 0.04045 ? $0 / 12.92 : pow(($0 + 0.055) / 1.055, 2.4) }
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
  }

  private func contrast(_ one: [Double], _ other: [Double]) -> Double {
    let (a, b) = (luminance(one), luminance(other))
    return (max(a, b) + 0.05) / (min(a, b) + 0.05)
  }

  @Test func contrastIsThatOfTheStandard() {
    #expect(abs(contrast([0, 0, 0], [1, 1, 1]) - 21) < 1e-9)
    // #777 on white, a well-known near miss.
    #expect(abs(contrast(Array(repeating: 0x77 / 255.0, count: 3), [1, 1, 1]) - 4.48) < 0.005)
  }

  @Test(arguments: [false, true])
  func textStandsOutFromWhatIsBehindIt(isDark: Bool) throws {
    let colors = try colors(isDark: isDark)
    for text in try names(after: "color") {
      for back in try names(after: "background") where back != "link" {
        // Letters of the buttons' colour stand on buttons alone.
        guard text != "paper" else { continue }
        let found = contrast(try #require(colors[text]), try #require(colors[back]))
        #expect(found >= 4.5, "\(text) on \(back): \(found)")
      }
    }
    let button = contrast(try #require(colors["paper"]), try #require(colors["link"]))
    #expect(button >= 4.5, "a button's letters: \(button)")
  }

  @Test(arguments: [false, true])
  func edgesAndBarsStandOut(isDark: Bool) throws {
    let colors = try colors(isDark: isDark)
    // Edges of controls, the outline of what has the focus, bars on their ground, the edge of a notice.
    for (part, back) in [
      ("soft", "paper"), ("link", "paper"), ("link", "place"), ("mark", "place"),
    ] {
      let found = contrast(try #require(colors[part]), try #require(colors[back]))
      #expect(found >= 3, "\(part) on \(back): \(found)")
    }
  }

  /// Every colour of a text or a ground is one of the named ones, or stands on pictures.
  @Test func noColorIsLeftOut() throws {
    for match in style.matches(of: /[{;] *(color|background|border-color|accent-color): ([^;}]+)/) {
      let value = match.2.trimmingCharacters(in: .whitespaces)
      let isNamed = value.wholeMatch(of: /var\(--(paper|ink|soft|line|place|link|mark)\)/) != nil
      #expect(isNamed || ["none !important", "#0003"].contains(value), "\(match.0)")
    }
    #expect(style.contains(":focus-visible { outline: 2px solid var(--link)"))
    #expect(style.contains("@media (prefers-reduced-motion: reduce)"))
  }

  /// The named colours that a property has somewhere.
  private func names(after property: String) throws -> Set<String> {
    let pattern = try Regex(
      "[{;\\s]\(property): var\\(--([a-z]+)\\)", as: (Substring, Substring).self)
    let names = Set(style.matches(of: pattern).map { String($0.1) })
    #expect(names.count >= 3)
    return names
  }
}
