import Foundation
import Galleries
import Imaging
@testable import Microscope
import Networks
import Portraits
@testable import Server
import TestSupport
import Testing

@Suite struct MicroscopeSiteTests {
  private func inMicroscope(
    labels: [String] = ["cat", "dog", "hot dog"], pages: String? = nil,
    _ body: (Microscope, MicroscopeSite) throws -> Void
  ) throws {
    let folder = try TemporaryFolder()
    let network = try smallNetwork(side: 24).overriding(metadata: [
      "labels": labels.joined(separator: "\n"), "input.range": "0,1",
    ])
    let microscope = try Microscope(
      network, cache: PictureCache(folder: folder.path + "/cache"), folder: pages,
      provenance: Provenance(software: "visualize test", command: ""), threads: 2)
    try body(microscope, MicroscopeSite(microscope))
  }

  private func get(_ address: String, _ site: MicroscopeSite) throws -> (Int, String) {
    let response = site.response(
      to: try Request(head: "GET \(address) HTTP/1.1\r\nHost: x"))
    return (response.status.rawValue, text(of: response))
  }

  private func text(of response: Response) -> String {
    guard case .data(let data) = response.body else { return "events" }
    return String(decoding: data, as: UTF8.self)
  }

  @Test func whyAsksForTheClassWhateverItsLabel() throws {
    try inMicroscope(labels: ["1", "2", "0"]) { microscope, site in
      var post = try Request(head: "POST /photographs HTTP/1.1\r\nHost: x")
      post.body = Data(try Picture(width: 24, height: 24, filledWith: Color(0x336699)).png())
      let answer = text(of: site.response(to: post))
      let address = try #require(answer.firstMatch(of: /[0-9a-f]{32}\.html/)).0
      let page = try get("/photographs/\(address)", site).1
      let rows = page.matches(of: /classes\/(\d)\.html.*data-unit="([^"]*)"/)
      #expect(rows.count == 3)
      let selection = UnitSelection(network: microscope.network, shapes: microscope.shapes)
      for row in rows {
        let unit = try selection.one(String(row.2).replacing("&quot;", with: "\""))
        #expect(unit.kind == .logit(try #require(Int(row.1))), "\(row.0)")
      }
    }
  }

  @Test func everyLayerAndUnitHasAPage() throws {
    try inMicroscope { microscope, site in
      let (status, page) = try get("/", site)
      #expect(status == 200)
      #expect(page.contains("href=\"layers/edges.html\"") && page.contains("href=\"classes.html\""))
      for layer in microscope.layers {
        #expect(try get("/layers/\(layer.address).html", site).0 == 200)
        for channel in 0..<layer.channels {
          let (status, page) = try get("/units/\(layer.address)/\(channel).html", site)
          #expect(status == 200 && page.contains("Channel \(channel) of \(layer.name)"))
        }
      }
      #expect(try get("/classes/2.html", site).1.contains("Hot dog (class 2)"))
    }
  }

  @Test(arguments: [
    "/units/edges/4.html", "/units/edges/-1.html", "/units/nope/0.html", "/classes/3.html",
    "/layers/edges", "/pictures/../x.png", "/pictures/0123456789abcdef0123456789abcdeg.png",
    "/pictures/\(String(repeating: "0", count: 32)).png",
    "/photographs/\(String(repeating: "0", count: 32)).html",
    "/natural/0.png", "/assets/style.css/x", "/icons/x", "/favicon.ico",
  ])
  func whatIsNotThereIsNotFound(address: String) throws {
    try inMicroscope { _, site in
      let status = (try? get(address, site).0) ?? 400
      #expect(status == 404 || status == 400)
    }
  }

  @Test func namesAreTextsAndNothingElse() throws {
    let label = "<script>alert(1)</script>\" onload=\"x"
    try inMicroscope(labels: [label, "b", "c"]) { _, site in
      for address in ["/", "/classes.html", "/classes/0.html"] {
        let (status, page) = try get(address, site)
        #expect(status == 200 && !page.contains("<script>alert") && !page.contains("\" onload"))
      }
    }
  }

  @Test func noFileIsReadBecauseARequestNamesIt() throws {
    try inMicroscope { _, site in
      // `init` is the setting whose value is a path.
      let (status, _) = try get("/ascents?unit=edges/0&init=/etc/passwd&like=/etc&steps=1", site)
      #expect(status == 200)
      #expect(try get("/ascents?unit=edges/0&steps=many", site).0 == 422)
      #expect(try get("/ascents?unit=edges/9", site).0 == 404)
    }
  }

  @Test func aPictureIsMadeOnceAndItsFileSaysHow() throws {
    try inMicroscope { microscope, site in
      let plate = try #require(try microscope.icon(.channel(layer: "edges", 1)))
      #expect(microscope.record(of: plate) == nil)
      let record = try microscope.make(plate, threads: 1)
      #expect(microscope.record(of: plate) == record && record.after > record.before)
      let (status, _) = try get("/\(plate.address)", site)
      #expect(status == 200)
      let texts = try PNGText.texts(inFileAt: microscope.cache.path(plate.name))
      #expect(texts.contains { $0.keyword == "Command" && $0.text.contains("--unit edges:1") })
      #expect(try get("/layers/edges.html", site).1.contains("src=\"../\(plate.address)\""))
      // Another seed is another picture.
      let other = try #require(try microscope.plate(.channel(layer: "edges", 1), ["seed": "2"]))
      #expect(other.name != plate.name)
    }
  }

  @Test func aPhotographIsTakenAndExplained() throws {
    try inMicroscope { _, site in
      var request = try Request(head: "POST /photographs HTTP/1.1\r\nHost: x")
      request.body = Data(try Picture(width: 40, height: 30, filledWith: Color(0x336699)).png())
      let taken = site.response(to: request)
      #expect(taken.status == .ok)
      let address = try JSONDecoder().decode(
        [String: String].self, from: Data(text(of: taken).utf8))["address"]
      let (status, page) = try get("/" + (address ?? ""), site)
      #expect(status == 200 && page.contains("the middle 30×30 of 40×30"))
      request.body = Data("no picture".utf8)
      #expect(site.response(to: request).status == .unprocessable)
    }
  }

  @Test func whatIsReadOnlyTakesAndMakesNothing() throws {
    try inMicroscope { microscope, _ in
      let site = MicroscopeSite(microscope, isReadOnly: true)
      #expect(try get("/icons?units=edges/0", site).0 == 404)
      #expect(try get("/ascents?unit=edges/0", site).0 == 404)
      let request = try Request(head: "POST /photographs HTTP/1.1\r\nHost: x")
      #expect(site.response(to: request).status == .notFound)
      #expect(try get("/units/edges/0.html", site).0 == 200)
    }
  }

  @Test func aFolderOfPagesLeadsNowhereElse() throws {
    let folder = try TemporaryFolder()
    try inMicroscope(pages: folder.path) { microscope, _ in
      let pages = try StaticMicroscope(microscope, site: "https://a.example/m") {
        try FileManager.default.createDirectory(
          at: URL(filePath: $1).deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data($0).write(to: URL(filePath: $1))
      }
      let report = try pages.make(threads: 2) { _ in }
      #expect(report.made == pages.count && report.failed.isEmpty)
      let again = try pages.make(threads: 1) { _ in }
      #expect(again.kept == pages.count && again.made == 0)
      let files = FileManager.default.enumerator(atPath: folder.path)?.allObjects as? [String] ?? []
      let html = files.filter { $0.hasSuffix(".html") }
      #expect(html.count > pages.count)
      for file in html {
        let url = URL(filePath: folder.path).appending(path: file)
        let text = try String(contentsOf: url, encoding: .utf8)
        for match in text.matches(of: /(?:href|src)="([^"#]+)"/) where !match.1.hasPrefix("data:") {
          let target = url.deletingLastPathComponent().appending(path: String(match.1)).standardized
          #expect(FileManager.default.fileExists(atPath: target.path), "\(file): \(match.1)")
        }
        #expect(!text.contains("<form class=\"ascent\""))
        // Each has a picture for previews of links.
        let preview = try #require(
          text.firstMatch(of: /og:image" content="https:\/\/a.example\/m\/([^"]+)"/), "\(file)")
        #expect(FileManager.default.fileExists(atPath: "\(folder.path)/\(preview.1)"))
      }
      let first = try String(
        contentsOf: URL(filePath: folder.path).appending(path: "index.html"), encoding: .utf8)
      #expect(first.contains("og:image\" content=\"https://a.example/m/pictures/"))
    }
  }
}
