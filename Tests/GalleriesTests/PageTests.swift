import Foundation
import Imaging
import TestSupport
import Testing

@testable import Galleries

@Suite struct PageTests {
  private func page(_ yaml: String) async throws -> (page: String, folder: TemporaryFolder) {
    let folder = try TemporaryFolder()
    let gallery = try Gallery.tiny(yaml, in: folder.path)
    _ = try await gallery.make(threads: 2)
    return (try String(contentsOfFile: gallery.pagePath, encoding: .utf8), folder)
  }

  @Test("labels and titles are escaped")
  func escaping() async throws {
    let (page, _) = try await page(
      "title: <script>alert('x')</script>\ndescription: a & b\npictures: [2]")
    #expect(!page.contains("<script>alert"))
    #expect(page.contains("&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt;"))
    #expect(page.contains("a &lt; b &amp; &quot;c&quot;"))
    #expect(!page.contains("a < b & \"c\""))
    #expect(page.contains("<p class=\"lead\">a &amp; b</p>"))
  }

  @Test("every picture is there, lazily, with a text for those who do not see it")
  func pictures() async throws {
    let (page, folder) = try await page(
      "pictures: [all logits, 'relu:0-1', {unit: dog, seed: 3}]")
    for name in try folder.files.keys where name.hasSuffix(".png") && name != "contact-sheet.png" {
      #expect(page.contains("<img src=\"\(name)\""))
    }
    for image in page.split(separator: "<img ").dropFirst() {
      #expect(image.contains("loading=\"lazy\"") && image.contains("alt=\"A picture that excites"))
    }
    #expect(page.contains("A picture that excites channel 1 of relu."))
    #expect(page.contains("dog, seed 3"))
  }

  @Test("nothing comes from elsewhere, and nothing says where or when it was made")
  func selfContained() async throws {
    let (page, folder) = try await page("pictures: [all logits]")
    for word in ["http:", "https:", "//", "@import", "url(", folder.path, "202"] {
      #expect(!page.contains(word), "\(word)")
    }
  }

  @Test("links lead to something, on every page")
  func links() async throws {
    let (_, folder) = try await page(
      "pictures: [all logits, 'relu:0-1', {objective: 'dog - \"relu:0\"'}, 'relu:5']")
    let files = try folder.files
    let pages = files.filter { $0.key.hasSuffix(".html") }
    #expect(pages.count == 8)
    var seen = Set<String>()
    for (name, bytes) in pages {
      let page = String(decoding: bytes, as: UTF8.self)
      for match in page.matches(of: /(?:href|src)="([^"]+)"/) where match.1 != "data:," {
        let target = String(match.1).removingPercentEncoding ?? ""
        if target.hasPrefix("#") {
          #expect(page.contains("id=\"\(target.dropFirst())\""), "\(name): \(target)")
        } else {
          #expect(files[target] != nil, "\(name): \(target)")
          seen.insert(target)
        }
      }
    }
    // Everything that lies there is led to, but what a script reads, and the sheet of what failed.
    let unseen = Set(files.keys).subtracting(seen).filter { !$0.hasPrefix("failed/") }
    #expect(unseen == ["search.json", "search.js"])
  }

  @Test("every picture has a page, which leads to those beside it and is found by its name")
  func pages() async throws {
    let (page, folder) = try await page("pictures: [{unit: dog, caption: Barks.}, 'relu:0', lion]")
    let files = try folder.files
    #expect(page.contains("<a href=\"relu-0.html\"><img src=\"relu-0.png\""))
    // They stand in the order of the page: classes, then the layer.
    let middle = String(decoding: try #require(files["lion.html"]), as: UTF8.self)
    #expect(middle.contains("rel=\"prev\" href=\"dog.html\">‹ dog<"))
    #expect(middle.contains("rel=\"next\" href=\"relu-0.html\">relu:0 ›<"))
    let last = String(decoding: try #require(files["relu-0.html"]), as: UTF8.self)
    #expect(last.contains("<h1>Channel 0 of relu</h1>") && !last.contains("rel=\"next\""))
    #expect(last.contains("<code>visualize --unit relu:0 "))
    let first = String(decoding: try #require(files["dog.html"]), as: UTF8.self)
    #expect(first.contains("<p class=\"caption\">Barks.</p>") && !first.contains("rel=\"prev\""))
    struct Index: Decodable {
      let pictures: [[String: String]]
    }
    let index = try JSONDecoder().decode(Index.self, from: #require(files["search.json"]))
    #expect(index.pictures.map { $0["address"] } == ["dog.html", "lion.html", "relu-0.html"])
    #expect(index.pictures[2]["title"] == "relu:0" && index.pictures[2]["kind"] == "relu")
    // They look like the pages of a microscope.
    for asset in Asset.all { #expect(files["assets/\(asset.name)"] == asset.data) }
  }

  @Test("while others are made, pictures lead to their files")
  func unfinished() async throws {
    let folder = try TemporaryFolder()
    let made = try Gallery.tiny("pictures: [dog, lion]", in: folder.path)
    _ = try await made.make(threads: 1)
    var gallery = try Gallery.tiny("pictures: [dog, lion, cat]", in: folder.path)
    gallery.painter = { _, _, _, _ in throw CancellationError() }
    let stopped = gallery
    await #expect(throws: CancellationError.self) { try await stopped.make(threads: 1) }
    let page = try String(contentsOfFile: gallery.pagePath, encoding: .utf8)
    #expect(page.contains("<a href=\"dog.png\">") && page.contains("not made yet"))
  }

  @Test("a picture says how it was made")
  func texts() async throws {
    let (_, folder) = try await page("pictures: [{unit: dog, seed: 3, l2: 0.5}]")
    let texts = try PNGText.texts(inFileAt: "\(folder.path)/dog-seed-3.png")
    let values = Dictionary(uniqueKeysWithValues: texts.map { ($0.keyword, $0.text) })
    #expect(
      values["Command"] == "visualize --unit dog --seed 3 --size 24 --steps 3 --l2 0.5 --scale 11")
    #expect(values["Software"] == "visualize 0")
    #expect(values["Seed"] == "3")
    let probability = try #require(values["Class probability"].flatMap { Float($0) })
    #expect((0...1).contains(probability))
  }
}
