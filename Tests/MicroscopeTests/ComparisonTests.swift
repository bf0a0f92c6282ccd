import Foundation
import Galleries
import Graphs
import Imaging
import Explanations
@testable import Microscope
import Networks
import Portraits
@testable import Server
import TestSupport
import Tensors
import Testing

@Suite struct ComparisonTests {
  /// A network of two layers with channels; the second layer's name is to be said.
  private func network(_ name: String, seed: UInt64, channels: Int = 4) -> Network {
    var random = SplitMix64(seed: seed)
    return Network(
      graph: Graph(
        inputs: [Graph.Input(name: "x", dimensions: [1, 3, 24, 24])], outputs: ["scores"],
        nodes: [
          Node(
            "Conv", name: "edges", inputs: ["x", "w1"], outputs: ["edges"],
            attributes: ["kernel_shape": .ints([3, 3])]),
          Node(
            "Conv", name: name, inputs: ["edges", "w2"], outputs: [name],
            attributes: ["kernel_shape": .ints([3, 3])]),
          Node("GlobalAveragePool", name: "pool", inputs: [name], outputs: ["pool"]),
          Node("Flatten", name: "flat", inputs: ["pool"], outputs: ["flat"]),
          Node("MatMul", name: "scores", inputs: ["flat", "w3"], outputs: ["scores"]),
        ],
        constants: [
          "w1": Constant(.normal([4, 3, 3, 3], standardDeviation: 0.3, using: &random)),
          "w2": Constant(.normal([channels, 4, 3, 3], standardDeviation: 0.3, using: &random)),
          "w3": Constant(.normal([channels, 3], using: &random)),
        ]), labels: ["cat", "dog", "hot dog"])
  }

  private func inSite(
    isReadOnly: Bool = false, _ body: (Site, [Microscope]) throws -> Void
  ) throws {
    let folder = try TemporaryFolder()
    try FileManager.default.createDirectory(
      atPath: folder.path + "/pictures", withIntermediateDirectories: true)
    for index in 0..<5 {
      var picture = Picture(
        width: 30, height: 24, filledWith: Color(UInt32(0x203040 * (index + 1))))
      picture.fill(Color(0xFFCC00), x: 2 + 3 * index, y: 4, width: 8, height: 3 * index + 2)
      try picture.write(to: "\(folder.path)/pictures/\(index).png")
    }
    let cache = PictureCache(folder: folder.path + "/cache")
    let provenance = Provenance(software: "visualize test", command: "")
    let first = try Microscope(
      network("old", seed: 3), cache: cache, pictures: folder.path + "/pictures",
      provenance: provenance, threads: 2)
    let second = try Microscope(
      network("new", seed: 4, channels: 6), cache: cache, pictures: folder.path + "/pictures",
      provenance: provenance, threads: 2, beside: first, at: "2/")
    for one in [first, second] { try one.natural?.look(at: one.layers, keeping: cache) }
    try body(Site([first, second], isReadOnly: isReadOnly), [first, second])
  }

  private func get(_ address: String, _ site: Site) throws -> (status: Int, text: String) {
    let response = site.response(to: try Request(head: "GET \(address) HTTP/1.1\r\nHost: x"))
    guard case .data(let data) = response.body else { return (response.status.rawValue, "events") }
    return (response.status.rawValue, String(decoding: data, as: UTF8.self))
  }

  @Test("a network's address leads to its first page, from where links start")
  func folders() throws {
    try inSite { site, _ in
      let answer = site.response(to: try Request(head: "GET /2 HTTP/1.1"))
      #expect(answer.status == .seeOther)
      #expect(answer.headers.contains { $0.name == "Location" && $0.value == "/2/" })
      #expect(try get("/2/", site).status == 200 && get("/", site).status == 200)
    }
  }

  @Test("units in addresses are written as everywhere, and one is one")
  func units() throws {
    try inSite { site, _ in
      for (unit, title) in [
        ("edges:2", "edges:2"), ("%22hot%20dog%22", "hot dog"), ("1", "dog"), ("edges", "edges"),
        ("edges:2@4,5", "edges:2"),
      ] {
        let answer = try get("/compare?first=\(unit)&second=\(unit)", site)
        #expect(answer.status == 200 && answer.text.contains(title), "\(unit)")
      }
      for (unit, words) in [
        ("edges:0-1", "stands for 2"), ("all%20logits", "stands for 3"), ("egdes:1", "edges"),
        ("ct", "cat (0)"), ("edges:9", "has the channels 0…3"), ("edges:3-1", "write 1-3"),
      ] {
        let answer = try get("/compare?first=\(unit)", site)
        #expect(answer.status == 422 && answer.text.contains(words), "\(unit): \(answer.text)")
      }
    }
  }

  @Test func networksStandSideBySideByTheirLayersNames() throws {
    try inSite { site, _ in
      #expect(try get("/2/units/new/5.html", site).status == 200)
      #expect(try get("/units/new/5.html", site).status == 404)
      for address in ["/3/", "/1/", "/0/"] { #expect(try get(address, site).status == 404) }
      let page = try get("/compare?first-model=&second-model=2", site)
      #expect(page.status == 200)
      #expect(
        page.text.contains("layers go by one name in both; only")
          && page.text.contains("not there"))
      #expect(page.text.contains("first=edges%3A&amp;first-model=&amp;second=edges%3A"))
      #expect(!page.text.contains("first=old%3A"))
    }
  }

  @Test func channelsOfTwoLayersStandInPairs() throws {
    try inSite { site, _ in
      let page = try get("/compare?first=old:&second=new:&second-model=2", site)
      #expect(page.status == 200 && page.text.contains("4 and 6 channels"))
      #expect(page.text.components(separatedBy: "pair-of-icons").count == 7)
      #expect(page.text.components(separatedBy: "not there").count == 3)
      #expect(page.text.contains("data-icon=\"new/5\" data-base=\"/2/\""))
    }
  }

  @Test func unitsStandSideBySideOnOneScale() throws {
    try inSite { site, microscopes in
      for one in microscopes {
        try one.make(
          try #require(try one.plate(.channel(layer: "edges", 1), ["steps": "8"])), threads: 1)
      }
      let page = try get("/compare?first=edges:1&second-model=2", site)
      #expect(page.status == 200 && page.text.contains("edges:1 in both"))
      // Both histograms go from the smallest of all values to the largest.
      let peaks = try microscopes.map { try #require($0.natural?.peaks(of: "edges")) }
      let values = peaks.flatMap { Array($0.values(of: 1)) }
      let ends = [values.min() ?? 0, values.max() ?? 0].map { String(format: "%.2f", Double($0)) }
        .map { $0.replacing("-", with: "−") }
      let ranges = page.text.matches(of: /histogram of 5 values from (\S+) to ([^"]+)"/)
      #expect(ranges.count == 2)
      for range in ranges {
        #expect(range.1.replacing("-", with: "−") == ends[0])
        #expect(range.2.replacing("-", with: "−") == ends[1])
      }
      let r = try #require(peaks[0].correlation(of: 1, with: peaks[1], 1))
      #expect(
        page.text.contains("Correlation \(String(format: "%.2f", r).replacing("-", with: "−"))")
          || page.text.contains("Correlation \(String(format: "%.2f", r))"))
      // Of one network, two units; without a second one, a form.
      #expect(try get("/compare?first=edges:1&second=cat&second-model=", site).status == 200)
      #expect(try get("/compare?first=edges:1&second-model=", site).text.contains("Name two units"))
      #expect(try get("/compare", site).status == 200)
    }
  }

  @Test(arguments: [
    "first=nope:1", "first=edges:9", "first=edges:1&second=old:0&second-model=2",
    "first=edges:1&second=edges:", "first-model=9", "first-model=2/x", "second-model=../..",
    "first-model=prepared/x", "first-model=prepared/RGB;0,1;0;0", "first=%3Cscript%3E",
    "first=%22:",
    "first=edges:1&second=edges:99999999999999999999", "first=edges:1@9,9,9",
  ])
  func whatCannotBeComparedIsSaid(query: String) throws {
    try inSite { site, _ in
      let page = try get("/compare?\(query)", site)
      #expect(page.status == 422 && page.text.contains("role=\"alert\""))
      #expect(!page.text.contains("<script>") && !page.text.contains("value=\"\":"))
    }
  }

  @Test func correlationIsPearsons() throws {
    func peaks(_ values: [Float]) -> ChannelPeaks {
      ChannelPeaks(
        pictures: 4, values: values, places: [UInt16](repeating: 0, count: values.count), width: 0,
        height: 0)
    }
    // numpy.corrcoef([1, 2, 4, 3], [0.5, 3, 2, 7])[0, 1]
    let one = peaks([1, 2, 4, 3, 5, 5, 5, 5])
    let other = peaks([9, 8, 7, 6, 0.5, 3, 2, 7])
    let r = try #require(one.correlation(of: 0, with: other, 1))
    #expect(abs(r - 0.3947089) < 1e-6)
    #expect(one.correlation(of: 1, with: other, 0) == nil)
    #expect(one.correlation(of: 2, with: other, 0) == nil)
  }

  @Test func mapsOfTwoPhotographsHaveOneScale() throws {
    try inSite { _, microscopes in
      let site = MicroscopeSite(microscopes[0])
      let subjects = try [0, 4].map { index in
        try PhotographSubject(
          try #require(
            microscopes[0].natural.map { try Data(contentsOf: URL(filePath: $0.files[index])) }
          )
          .map { $0 }, named: String(repeating: "\(index)", count: 32), microscopes[0])
      }
      let unit = try microscopes[0].explainer.subject(.unit("edges:2"))
      for name in ["activations", "input-x-gradient"] {
        let both = try site.map(of: unit, in: subjects, by: name)
        let alone = try subjects.map { try site.map(of: unit, in: [$0], by: name) }
        #expect(both.pictures.count == 2 && both.scale != nil)
        // On the scale of both, at most one of them is as it is by itself.
        #expect(
          both.pictures[0] != alone[0].pictures[0] || both.pictures[1] != alone[1].pictures[0])
        #expect(
          both.pictures[0] == alone[0].pictures[0] || both.pictures[1] == alone[1].pictures[0])
      }
      let cat = try microscopes[0].explainer.subject(.unit("cat"))
      #expect(
        try site.map(of: cat, in: subjects, by: "activations").words[0].contains("no channel"))
    }
  }
}
