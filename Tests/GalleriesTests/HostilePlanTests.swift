import Foundation
import Networks
import TestSupport
import Testing

@testable import Galleries

/// Plans of a hundred bytes that stand for millions of pictures, and labels that make no file's name.
@Suite struct HostilePlanTests {
  /// The seconds that something takes.
  private func seconds(_ body: () throws -> Void) rethrows -> Double {
    try ContinuousClock().measure(body) / .seconds(1)
  }

  @Test("aliases of aliases are counted before they are written out")
  func aliases() throws {
    let lines = (1...9).map { level in
      "  - &a\(level) [" + [String](repeating: "*a\(level - 1)", count: 10).joined(separator: ",")
        + "]"
    }
    let yaml = "pictures:\n  - &a0 [dog]\n" + lines.joined(separator: "\n")
    let time = seconds {
      #expect {
        try GalleryPlan(yaml: yaml)
      } throws: {
        "\($0)".contains("stands for too many pictures, and a gallery has at most 50000")
      }
    }
    #expect(time < 10)
  }

  @Test(
    "keys that are lists or groups, or stand for such, are refused before they are compared",
    arguments: [
      ("? *a30\n: 1\n", 32), ("x: {*a30 : 1}\n", 32), ("x: {? [*a30, *a30] : 1}\n", 32),
      ("*a1 : dog\n*a2 : cat\n", 32), ("? {a: b}\n: c\n", 32), ("x: {[a, b]: c}\n", 32),
    ])
  func keys(_ end: String, _ line: Int) throws {
    // Written out, the last of these would be a billion texts.
    let bomb = (1...30).map { "a\($0): &a\($0) [*a\($0 - 1), *a\($0 - 1)]\n" }.joined()
    #expect {
      try GalleryPlan(yaml: "a0: &a0 [dog, cat]\n" + bomb + end)
    } throws: {
      "\($0)" == "plan.yaml:\(line): a key must be a text, not a list or a group of keys"
    }
  }

  @Test("aliases of texts may be keys, and a star in a text is one")
  func stars() throws {
    let plan = try GalleryPlan(
      yaml: "title: &t title\n? &p pictures\n: [{objective: 'dog - 0.5 * relu:1'}, '*t']\n")
    #expect(plan.title == "title" && plan.entries.count == 2)
    #expect(plan.entries[0].objectives.map(\.text) == ["dog - 0.5 * relu:1"])
    #expect(plan.entries[1].units.map(\.text) == ["*t"])
    #expect(try GalleryPlan(yaml: "pictures: [&p dog, *p]\n").entries.count == 2)
  }

  @Test(
    "products and ranges are counted before they are written out",
    arguments: [
      ("pictures: [{units: [relu:all, edges:all, all logits], seeds: 10000}]", "60000 pictures"),
      (
        "pictures: ['relu:" + [String](repeating: "0-5", count: 20_000).joined(separator: ",")
          + "']", "120000 pictures"
      ),
      ("pictures: ['relu:0-9000000000']", "channels 0…5"),
      ("pictures: ['0-9223372036854775807']", "classes 0…3"),
    ])
  func products(_ yaml: String, _ words: String) throws {
    let plan = try GalleryPlan(yaml: "defaults: {size: 24}\n" + yaml)
    let time = seconds {
      #expect {
        try plan.items(in: TinyNetwork.network())
      } throws: {
        "\($0)".contains(words)
      }
    }
    #expect(time < 10)
  }

  @Test("fifty thousand pictures are planned, each with a name of its own")
  func many() throws {
    let labels = (0..<4).map { "label \($0)" }
    let plan = try GalleryPlan(
      yaml: "defaults: {size: 24}\npictures: [{units: [all logits, relu:0], seeds: 10000}]")
    let items = try plan.items(in: TinyNetwork.network(labels: labels))
    #expect(items.count == 50_000)
    #expect(Set(items.map(\.fileName)).count == 50_000)
    #expect(items[0].fileName == "label-0.png")
    #expect(items[1].fileName == "label-0-seed-1.png")
    #expect(items[1].variant == "seed 1")
  }

  @Test("a label that makes no name, or no text, does not keep the others from being made")
  func labels() async throws {
    let folder = try TemporaryFolder()
    let marks = "z" + String(repeating: "\u{301}", count: 60)
    let labels = ["nul\u{0}", String(repeating: marks, count: 60), "../../etc", "lion"]
    let network = TinyNetwork.network(labels: labels)
    let gallery = try Gallery.tiny("pictures: [all logits]", in: folder.path, network: network)
    let report = try await gallery.make(threads: 1)
    #expect(report.made.count == 4 && report.failed.isEmpty)
    #expect(gallery.items.allSatisfy { $0.fileName.utf8.count <= 200 })
    #expect(gallery.items[0].title == #"nul\u{0}"#)
    let page = try String(contentsOfFile: gallery.pagePath, encoding: .utf8)
    #expect(!page.unicodeScalars.contains("\0"))
  }

  @Test("absolute paths of a plan stay out of its page")
  func paths() async throws {
    let folder = try TemporaryFolder()
    let yaml = """
      # /home/somebody/secret/plan
      output: /home/somebody/secret/out
      pictures: [dog]
      """
    let gallery = try Gallery.tiny(yaml, in: folder.path)
    _ = try await gallery.make(threads: 1)
    let page = try String(contentsOfFile: gallery.pagePath, encoding: .utf8)
    #expect(!page.contains("somebody"))
    #expect(page.contains("output: out"))
  }
}
