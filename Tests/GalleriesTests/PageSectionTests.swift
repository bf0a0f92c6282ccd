import Foundation
import Galleries
import Portraits
import TestSupport
import Testing

/// What a plan writes on the page: sections, captions, links; and what the reader finds pictures by.
@Suite struct PageSectionTests {
  private func page(_ yaml: String, _ name: String = "index.html") async throws -> String {
    let folder = try TemporaryFolder()
    _ = try await Gallery.tiny(yaml, in: folder.path).make(threads: 2)
    return String(decoding: try #require(try folder.files[name]), as: UTF8.self)
  }

  private static let plan = """
    description: See [the <source>](https://example.org/?a=1&b="2").
    sections:
      - title: Pets & <b>
        description: "Two lines\\nwith [a file](notes.txt)."
        pictures:
          - {unit: cat, caption: 'It "purrs" [here](HTTPS://example.org/a_(b)) & [there].'}
          - dog
      - title: Edges
        pictures: ['relu:0', dog]
    """

  @Test("headings of one's own stand in their order, and a picture of both stands in both")
  func sections() async throws {
    let page = try await page(Self.plan)
    let parts = page.split(separator: "<section id=\"").dropFirst().map { part in
      String(part.prefix { $0 != "\"" }) + ": "
        + part.split(separator: "<img src=\"").dropFirst().prefix(2)
        .map { $0.prefix { $0 != "\"" } }.joined(separator: " ")
    }
    #expect(parts == ["part-1: tabby.png dog.png", "part-2: relu-0.png dog.png"])
    #expect(page.contains("<h2>Pets &amp; &lt;b&gt;<small>2</small></h2>"))
    #expect(page.contains("<h2>Edges<small>2</small></h2>"))
    #expect(page.contains("<p class=\"note\">Two lines</p>"))
    #expect(
      page.contains(
        "<p class=\"note\">with <a href=\"notes.txt\" rel=\"noreferrer\">a file</a>.</p>"))
    // Its page has one picture before it and one behind it.
    let dog = try await self.page(Self.plan, "dog.html")
    #expect(dog.contains("href=\"tabby.html\"") && dog.contains("href=\"relu-0.html\""))
  }

  @Test("captions stand under the picture and on its page, links in them, all escaped")
  func captions() async throws {
    let page = try await page(Self.plan)
    let caption =
      "<p class=\"caption\">It &quot;purrs&quot; <a href=\"HTTPS://example.org/a_(b)\" "
      + "rel=\"noreferrer\">here</a> &amp; [there].</p>"
    #expect(page.ranges(of: caption).count == 1)
    #expect(try await self.page(Self.plan, "tabby.html").contains(caption))
    #expect(
      page.contains(
        "<p class=\"lead\">See <a href=\"https://example.org/?a=1&amp;b=&quot;2&quot;\" rel=\"noreferrer\">"
          + "the &lt;source&gt;</a>.</p>"))
  }

  @Test(
    "what a browser would run, and places on the machine, are refused as links",
    arguments: [
      "javascript:alert", "JavaScript:x", "data:text/html,x", "file:///etc/passwd", "vbscript:x",
      "/home/me/x.png", "//example.org", "\u{1}javascript:x", "\\\\server",
    ])
  func links(address: String) throws {
    #expect(throws: GalleryPlanError.self) {
      try GalleryPlan(yaml: "pictures: [cat]\ndescription: '[x](\(address))'")
    }
  }

  @Test(
    "a link of a plan that was put together in code stays a text where it may not lead anywhere")
  func linksInCode() async throws {
    let folder = try TemporaryFolder()
    let entry = GalleryPlan.Entry(
      units: ["cat"], settings: ["size": "24", "steps": "3"], caption: "[x](javascript:alert)")
    let gallery = try Gallery(
      GalleryPlan(entries: [entry]), network: TinyNetwork.network(), folder: folder.path,
      provenance: .init(software: "visualize 0", command: "visualize"))
    _ = try await gallery.make(threads: 1)
    let page = try String(contentsOfFile: gallery.pagePath, encoding: .utf8)
    #expect(page.contains("<p class=\"caption\">[x](javascript:alert)</p>"))
  }

  @Test("search is hidden until the script runs, names every section, and writes no HTML")
  func finder() async throws {
    let page = try await page(Self.plan)
    #expect(page.contains("<form class=\"filter\" role=\"search\""))
    #expect(
      page.contains(
        "<option value=\"\">all</option><option value=\"part-1\">Pets &amp; &lt;b&gt;</option>"
          + "<option value=\"part-2\">Edges</option>"))
    let script = try await self.page(Self.plan, "assets/script.js")
    for word in ["innerHTML", "insertAdjacent", "document.write", "eval(", "import("] {
      #expect(!script.contains(word), "\(word)")
    }
    #expect(!(try await self.page("pictures: [cat]")).contains("class=\"filter\""))
  }

  @Test("inks and papers differ as WCAG 2.2 asks for at level AA, by day and by night")
  func contrast() async throws {
    let page = try await page("pictures: [cat]", "assets/style.css")
    let themes = "/* */\(page)".split(separator: ":root {").dropFirst().map {
      colors(in: $0.prefix { $0 != "}" })
    }
    #expect(themes.count == 2)
    for theme in themes {
      for ink in ["ink", "soft", "link"] {
        for paper in ["paper", "place"] {
          let contrast = try contrast(#require(theme[ink]), #require(theme[paper]))
          #expect(contrast >= 4.5, "\(ink) on \(paper): \(contrast)")
        }
      }
    }
  }

  /// The relative luminances of the colours of a rule, by their names.
  ///
  /// Source: WCAG 2.2, "relative luminance".
  private func colors(in rule: Substring) -> [String: Double] {
    var colors: [String: Double] = [:]
    for match in rule.matches(of: /--([a-z]+): #([0-9a-f]+);/) {
      let digits =
        match.output.2.count == 3 ? match.output.2.flatMap { [$0, $0] } : Array(match.output.2)
      let parts = stride(from: 0, to: 6, by: 2).map { start -> Double in
        let value = Double(Int(String(digits[start..<start + 2]), radix: 16) ?? 0) / 255
        return value <= 0.04045 ? value / 12.92 : pow((value + 0.055) / 1.055, 2.4)
      }
      colors[String(match.output.1)] = 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]
    }
    return colors
  }

  private func contrast(_ a: Double, _ b: Double) -> Double {
    (max(a, b) + 0.05) / (min(a, b) + 0.05)
  }
}
