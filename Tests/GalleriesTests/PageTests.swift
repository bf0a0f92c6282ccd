import Foundation
import Galleries
import Imaging
import TestSupport
import Testing

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
    #expect(page.contains("<p>a &amp; b</p>"))
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

  @Test("links lead to something")
  func links() async throws {
    let (page, _) = try await page("pictures: [all logits, 'relu:0-1']")
    let targets = page.split(separator: "href=\"#").dropFirst().map { $0.prefix { $0 != "\"" } }
    #expect(targets.count > 12)
    for target in targets where target != "-" {
      #expect(page.contains("id=\"\(target)\""), "\(target)")
    }
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
