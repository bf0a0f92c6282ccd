import Foundation
import Galleries
import Imaging
@testable import Microscope
import Networks
import Portraits
import Server
import Synchronization
import Tensors
import TestSupport
import Testing
import Visualization

/// A folder's pictures: what is kept of them, what is wrong with them, and who waits.
@Suite struct NaturalPictureTests {
  private func pictures(_ count: Int, in folder: TemporaryFolder) throws -> String {
    for index in 0..<count {
      let picture = Picture(
        width: 20, height: 20, filledWith: Color(UInt32(0x203040 * (index + 1))))
      _ = try folder.file("pictures/\(index).png", picture.png())
    }
    return folder.path + "/pictures"
  }

  private func microscope(
    _ network: Network, _ pictures: String, in folder: TemporaryFolder,
    beside other: Microscope? = nil
  ) throws -> Microscope {
    try Microscope(
      network, cache: PictureCache(folder: folder.path + "/cache"), pictures: pictures,
      provenance: Provenance(software: "visualize test", command: ""), threads: 2, beside: other)
  }

  /// A network whose edges are multiplied by a second input.
  private func network(time: Float) throws -> Network {
    let plain = smallNetwork(side: 24)
    var graph = plain.graph
    graph.inputs.append(Graph.Input(name: "t", dimensions: [1]))
    graph.nodes[0].outputs = ["raw"]
    graph.nodes.insert(
      Node("Mul", name: "timed", inputs: ["raw", "t"], outputs: ["edges"]), at: 1)
    return try Network(graph: graph, labels: plain.labels).giving(["t": Tensor([1], [time])])
  }

  @Test func whatIsKeptGoesByWhatIsFed() throws {
    let folder = try TemporaryFolder()
    let pictures = try pictures(1, in: folder)
    let photograph = try Picture(width: 24, height: 24, filledWith: Color(0x336699)).png()
    let keys = try [Float(0.1), 0.9, 0.1].map { time in
      let microscope = try microscope(network(time: time), pictures, in: folder)
      let layer = try #require(microscope.layers.last)
      let subject = try PhotographSubject(photograph, named: "a", microscope)
      return [
        MicroscopeSite(microscope).key(of: ActivationGrid(), layer, subject),
        try #require(microscope.natural).key(microscope.layers),
        try #require(try microscope.plate(.class(0))).address,
      ]
    }
    #expect(keys[0] == keys[2])
    for (one, other) in zip(keys[0], keys[1]) { #expect(one != other) }
  }

  @Test func whatIsWrongIsFoundOutOnce() throws {
    let folder = try TemporaryFolder()
    let pictures = try pictures(2, in: folder)
    _ = try folder.file("pictures/2.png", [1, 2, 3])
    let microscope = try microscope(smallNetwork(side: 24), pictures, in: folder)
    let natural = try #require(microscope.natural)
    func look(_ progress: (Double) throws -> Void) throws {
      try natural.look(at: microscope.layers, keeping: microscope.cache, progress: progress)
    }
    #expect(throws: ListenerIsGone.self) { try look { _ in throw ListenerIsGone() } }
    #expect(natural.failure == nil && microscope.looking.contains("3 pictures are being"))
    var count = 0
    #expect(throws: ImagingError.self) { try look { _ in count += 1 } }
    #expect(count == 2)
    #expect(throws: ImagingError.self) { try look { _ in count += 1 } }
    #expect(count == 2)
    #expect(microscope.looking.contains("could not be looked at: 2.png"))
    #expect(!microscope.looking.contains("data-base"))
  }

  @Test func whoWaitsIsToldHowFarItIs() throws {
    let folder = try TemporaryFolder()
    let pictures = try pictures(4, in: folder)
    let first = try microscope(smallNetwork(side: 24), pictures, in: folder)
    let second = try microscope(smallNetwork(side: 24), pictures, in: folder, beside: first)
    let natural = try #require(first.natural)
    #expect(second.natural?.turn === natural.turn)
    let (begun, gate, ended) = (
      DispatchSemaphore(value: 0), DispatchSemaphore(value: 0), DispatchSemaphore(value: 0)
    )
    Thread {
      try? natural.look(at: first.layers, keeping: first.cache) { _ in
        begun.signal()
        gate.wait()
        throw ListenerIsGone()
      }
      ended.signal()
    }.start()
    begun.wait()
    var heard: [Double] = []
    #expect(throws: ListenerIsGone.self) {
      try natural.look(at: first.layers, keeping: first.cache) { share in
        heard.append(share)
        throw ListenerIsGone()
      }
    }
    #expect(heard.count == 1 && heard[0] > 0 && heard[0] <= 0.25)
    gate.signal()
    ended.wait()
  }
}
