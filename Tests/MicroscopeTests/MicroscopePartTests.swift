import Foundation
import Galleries
import Graphs
@testable import Microscope
import Networks
import Portraits
import TestSupport
import Tensors
import Testing

@Suite struct MicroscopePartTests {
  @Test func addressesAreTheirNamesOwn() {
    let names = ["a/b", "a b", "a-b", "a~2fb", "..", ".a", "ä", "", "A", "a:b", "x.y"]
    let addresses = names.map(PageAddress.encoded)
    #expect(Set(addresses).count == names.count)
    #expect(addresses[0] == "a~2fb" && addresses[4] == "~2e." && addresses[10] == "x.y")
    for address in addresses {
      #expect(
        address.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || "-_.~".contains($0)) })
    }
  }

  @Test func theOldestPicturesGoWhereThereAreTooMany() throws {
    let folder = try TemporaryFolder()
    let cache = PictureCache(folder: folder.path, limit: 1000)
    let names = (0..<12).map { PictureCache.name(of: "\($0)") }
    for (index, name) in names.enumerated() {
      try cache.keep([UInt8](repeating: 7, count: 100), as: name)
      let date = Date(timeIntervalSince1970: Double(1_000_000 + index))
      try FileManager.default.setAttributes(
        [.modificationDate: date], ofItemAtPath: cache.path(name))
    }
    let left = names.filter { cache.has($0) }
    #expect(left.count < 11 && left.contains(names[11]) && !cache.has(names[0]))
    #expect(try cache.bytes(names[11])?.count == 100)
  }

  @Test func peaksAreTheMaximaAndTheirPlaces() throws {
    let layer = MicroscopeLayer(
      name: "a", type: "Conv", address: "a", channels: 2, grid: nil, inWords: "", parameters: 0,
      multiplyAdds: 0, isInner: false, isBeforeActivation: false)
    var table = PeakTable(layers: [layer], pictures: 2)
    table.add([Tensor([1, 2, 2, 3], [0, 1, 2, 9, 3, 4, -1, -2, -3, -4, -5, -6])], picture: 0)
    table.add([Tensor([1, 2, 2, 3], [1, 1, 1, 1, 1, 5, 0, 0, 0, 0, 7, 0])], picture: 1)
    let peaks = try #require(table.peaks["a"])
    #expect(Array(peaks.values(of: 0)) == [9, 5] && Array(peaks.values(of: 1)) == [-1, 7])
    #expect(peaks.ranked(0) == [0, 1] && peaks.ranked(1) == [1, 0])
    #expect(peaks.strength(of: 1) == 3)
    let place = try #require(peaks.place(of: 0, in: 0))
    #expect(place.x == 0.5 / 3 && place.y == 0.75 && place.width == 1.0 / 3)
    let kept = try #require(PeakTable(table.bytes, layers: [layer], pictures: 2)?.peaks["a"])
    #expect(kept.values == peaks.values && kept.places == peaks.places && kept.width == 3)
    // A file that is cut off, and one whose places lie beyond the layer.
    #expect(PeakTable(Array(table.bytes.dropLast()), layers: [layer], pictures: 2) == nil)
    var forged = table.bytes
    forged[forged.count - 1] = 255
    #expect(PeakTable(forged, layers: [layer], pictures: 2) == nil)
  }

  @Test func likenessIsCorrelation() {
    // The second goes with the fourth, the first with the third.
    let values: [Float] = [1, 2, 3, 3, 1, 0, 2, 4, 6.5, 9, 3, 0]
    let peaks = ChannelPeaks(
      pictures: 3, values: values, places: [UInt16](repeating: 0, count: 12), width: 0, height: 0)
    let ranks = peaks.ranksByLikeness()
    #expect(ranks[0] == 0 && ranks[2] == 1)
    #expect(Set(ranks) == [0, 1, 2, 3])
  }

  @Test func wiresAreTheRootsOfSummedSquares() throws {
    // Two convolutions with a rectifier and a concatenation between them.
    var random = SplitMix64(seed: 3)
    let first = Tensor.normal([3, 3, 3, 3], using: &random)
    let second = Tensor.normal([2, 6, 1, 1], using: &random)
    let network = Network(
      graph: Graph(
        inputs: [Graph.Input(name: "x", dimensions: [1, 3, 8, 8])], outputs: ["c2"],
        nodes: [
          Node(
            "Conv", name: "c1", inputs: ["x", "w1"], outputs: ["c1"],
            attributes: ["kernel_shape": .ints([3, 3])]),
          Node("Relu", name: "r", inputs: ["c1"], outputs: ["r"]),
          Node("Sigmoid", name: "s", inputs: ["c1"], outputs: ["s"]),
          Node(
            "Concat", name: "both", inputs: ["s", "r"], outputs: ["both"],
            attributes: ["axis": .int(1)]),
          Node(
            "Conv", name: "c2", inputs: ["both", "w2"], outputs: ["c2"],
            attributes: ["kernel_shape": .ints([1, 1])]),
        ], constants: ["w1": Constant(first), "w2": Constant(second)]))
    let folder = try TemporaryFolder()
    let microscope = try Microscope(
      network, cache: PictureCache(folder: folder.path),
      provenance: Provenance(software: "visualize test", command: ""), threads: 1)
    let before = Wiring(microscope).of(layer: "c2", channel: 1).before
    let expected = (0..<6).map { second.scalars[6 + $0] }
    #expect(Set(before.map(\.layer)) == ["both"] && before.count == 6)
    for link in before { #expect(link.weight == expected[link.channel]) }
    #expect(abs(before[0].weight) == expected.map(abs).max())
    // Channel 2 of the rectifier is channel 5 of what both make.
    let after = Wiring(microscope).of(layer: "r", channel: 2).after
    #expect(Set(after.map(\.layer)) == ["c2"] && after.count == 2)
    for link in after { #expect(link.weight == second.scalars[link.channel * 6 + 5]) }
  }

  @Test func weightsOfGroupsGoByTheirGroup() throws {
    let weights = Tensor([4, 1, 1, 2], [1, 2, 0, -3, 4, 3, -1, 0])
    let graph = Graph(
      inputs: [], outputs: ["y"], nodes: [], constants: ["w": Constant(weights)])
    let node = Node(
      "Conv", name: "c", inputs: ["x", "w"], outputs: ["y"], attributes: ["group": .int(2)])
    let found = try #require(ChannelWeights(node, in: graph))
    #expect(found.inputs(of: 1).map(\.channel) == [0] && found.inputs(of: 1)[0].weight == -3)
    #expect(found.outputs(of: 1).map(\.channel) == [2, 3])
    #expect(found.outputs(of: 1).map(\.weight) == [5, -1])
  }
}
