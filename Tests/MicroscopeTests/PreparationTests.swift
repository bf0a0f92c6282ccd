import Foundation
import Galleries
@testable import Microscope
import Networks
import Portraits
@testable import Server
import TestSupport
import Testing

@Suite struct PreparationTests {
  private func inSite(_ body: (Site, Microscope) throws -> Void) throws {
    let folder = try TemporaryFolder()
    let network = try smallNetwork(side: 24).overriding(metadata: ["input.range": "0,1"])
    let microscope = try Microscope(
      network, cache: PictureCache(folder: folder.path + "/cache"),
      provenance: Provenance(
        software: "visualize test", command: "", modelOptions: "--model net.onnx"),
      preparing: "--range 0,1", threads: 2)
    try body(Site([microscope]), microscope)
  }

  private func get(_ address: String, _ site: Site) throws -> Response {
    site.response(to: try Request(head: "GET \(address) HTTP/1.1\r\nHost: x"))
  }

  private func text(_ response: Response) -> String {
    guard case .data(let data) = response.body else { return "events" }
    return String(decoding: data, as: UTF8.self)
  }

  @Test func aFormLeadsToAnAddressThatSaysHow() throws {
    try inSite { site, _ in
      let answer = try get("/prepare?preset=caffe", site)
      #expect(answer.status == .seeOther)
      let address = try #require(answer.headers.first { $0.name == "Location" }?.value)
      #expect(address == "/prepared/BGR;0,255;104,117,123;1/")
      let page = text(try get(address, site))
      #expect(page.contains("BGR in 0…255 less (104, 117, 123), not as RGB in 0…1"))
      #expect(page.contains("<a href=\"/\">Back"))
      let other = try get("/prepare?color=RGB&range=-1,1&mean=0&std=0.5", site)
      #expect(
        other.headers.contains { $0.name == "Location" && $0.value == "/prepared/RGB;-1,1;0;0.5/" })
      // What is believed has no address of its own.
      let same = try get("/prepare?preset=none", site)
      #expect(same.headers.contains { $0.name == "Location" && $0.value == "/" })
    }
  }

  @Test func picturesPreparedOtherwiseAreOthers() throws {
    try inSite { site, microscope in
      let (other, rest) = try #require(
        try site.microscope(of: ["prepared", "BGR;0,255;104,117,123;1", "x"]))
      #expect(rest == ["x"] && other !== microscope)
      let plates = try [microscope, other].map {
        try #require(try $0.plate(.channel(layer: "edges", 1)))
      }
      #expect(plates[0].name != plates[1].name)
      #expect(plates[0].command.contains("--model net.onnx --range 0,1 --seed"))
      #expect(
        plates[1].command.contains(
          "--model net.onnx --color bgr --range 0,255 --mean 104,117,123 --std 1 --seed"))
      // Kept as long as few others are asked for.
      #expect(try site.microscope(of: ["prepared", "BGR;0,255;104,117,123;1"])?.0 === other)
      for number in 2..<6 {
        _ = try site.microscope(of: ["prepared", "RGB;0,\(number);0;1"])
      }
      #expect(try site.microscope(of: ["prepared", "BGR;0,255;104,117,123;1"])?.0 !== other)
    }
  }

  @Test(arguments: [
    ("/prepared/", 404), ("/prepared/x/", 404), ("/prepared/RGB;0,1;0/", 404),
    ("/prepared/RGB;0,1;0;0/", 422), ("/prepared/RGB;0,0;0;1/", 422),
    ("/prepared/RGB;0,1;nan;1/", 422), ("/prepared/RGB;0,1;0;1e-30/", 422),
    ("/prepared/RGB;0,1e30;0;1/", 422), ("/prepared/RGB;0,1;1,2;1/", 422),
    ("/prepared/pink;0,1;0;1/", 422), ("/prepared/RGB;0,1;;1/", 422),
    ("/prepare?preset=nope", 422), ("/prepare?std=0", 422), ("/prepare?mean=%3Cscript%3E", 422),
    ("/prepared/RGB;0,2;0;1/prepared/RGB;0,3;0;1/", 404),
  ])
  func whatIsNoPreparationIsRefused(address: String, status: Int) throws {
    try inSite { site, _ in
      let answer = try get(address, site)
      #expect(answer.status.rawValue == status)
    }
  }

  @Test func whatIsReadOnlyIsPreparedOneWay() throws {
    try inSite { _, microscope in
      let site = Site([microscope], isReadOnly: true)
      for address in ["/prepare?preset=caffe", "/prepared/RGB;0,2;0;1/"] {
        let answer = try get(address, site)
        #expect(answer.status == .notFound)
      }
    }
  }
}
