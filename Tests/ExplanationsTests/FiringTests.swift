import Imaging
import Networks
import Portraits
import Tensors
import TestSupport
import Testing
import Visualization

@testable import Explanations

@Suite struct FiringTests {
  private func picture(_ seed: Int) -> Picture {
    var picture = Picture(width: 16, height: 16, filledWith: Color(grey: UInt8(40 * seed % 200)))
    picture.fill(Color(0xFF8800), x: seed % 9, y: 3, width: 5, height: 4 + seed % 5)
    return picture
  }

  private func explainer() throws -> Explainer {
    try Explainer(smallNetwork(), size: PictureSize(height: 16, width: 16), threads: 1)
  }

  @Test("The definition, written out")
  func ownMean() throws {
    let explainer = try explainer()
    let photograph = try explainer.photograph(picture(1), named: "a.png")
    let layer = try #require(explainer.firingLayers.last)
    let channels = try explainer.firing(in: photograph, layers: [layer], count: 100)[0]
    // All four channels of the layer.
    #expect(channels.count == 4)
    func mean(_ values: [Double]) -> Double { values.reduce(0, +) / Double(values.count) }
    func variance(_ values: [Double]) -> Double {
      mean(values.map { ($0 - mean(values)) * ($0 - mean(values)) })
    }
    let pooled = mean(channels.map { variance($0.map.scalars.map(Double.init)) })
    for channel in channels {
      let values = channel.map.scalars.map(Double.init)
      let score =
        ((values.max() ?? 0) - mean(values)) / (variance(values) + pooled).squareRoot()
      #expect(abs(Double(channel.score) - score) < 1e-4 * abs(score))
    }
    #expect(zip(channels, channels.dropFirst()).allSatisfy { $0.score >= $1.score })
  }

  @Test("Beyond pictures: the mean of their peaks and its deviation")
  func beyondPictures() throws {
    let explainer = try explainer()
    let layer = try #require(explainer.firingLayers.last)
    let usual = try explainer.usualResponses(of: [layer], pictures: 3) { picture($0 + 2) }
    var peaks: [Int: [Double]] = [:]
    for index in 0..<3 {
      let photograph = try explainer.photograph(picture(index + 2), named: "")
      for channel in try explainer.firing(
        in: photograph, layers: [layer], count: 100, beyond: usual)[0]
      {
        peaks[channel.channel, default: []].append(Double(channel.peak))
      }
    }
    let photograph = try explainer.photograph(picture(9), named: "")
    for channel in try explainer.firing(
      in: photograph, layers: [layer], count: 3, beyond: usual)[0]
    {
      let peaks = try #require(peaks[channel.channel])
      let mean = peaks.reduce(0, +) / 3
      let square = peaks.map { ($0 - mean) * ($0 - mean) }.reduce(0, +) / 2
      #expect(abs(Double(channel.usual) - mean) < 1e-4 * abs(mean) + 1e-5)
      #expect(abs(Double(channel.deviation) - square.squareRoot()) < 1e-3 * square.squareRoot())
    }
    #expect(throws: FiringError.tooFewPictures(1)) {
      try explainer.usualResponses(of: [layer], pictures: 1) { picture($0) }
    }
  }

  @Test func layersWithoutPositionsAreNamed() throws {
    let explainer = try explainer()
    let photograph = try explainer.photograph(picture(1), named: "a.png")
    let layouts = explainer.network.layouts(in: explainer.shapes)
    let flat = try #require(
      explainer.network.layers.first { layouts[$0.value] != nil && layouts[$0.value]?.grid == nil })
    #expect(throws: FiringError.noPositions(layer: flat.name)) {
      try explainer.firing(in: photograph, layers: [flat.name], count: 1)
    }
    #expect(throws: FiringError.noLayers) {
      try explainer.firing(in: photograph, layers: [], count: 1)
    }
  }
}
