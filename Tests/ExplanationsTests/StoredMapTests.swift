import Attribution
import Foundation
import Graphs
import Imaging
import Networks
import Portraits
import Tensors
import TestSupport
import Testing
import Visualization

@testable import Explanations

/// Maps of signals and volumes.
@Suite struct StoredMapTests {
  private func explained(
    _ name: String, like shape: Shape, _ method: String,
    _ settings: RegisteredMethod.Settings = .init()
  ) throws -> (map: SaliencyMap, photograph: Photograph) {
    let path = Recordings.folder("attribution/\(name)/model.onnx").path
    let network = try Network(contentsOf: path).takingPictures()
    var random = SplitMix64(seed: 5)
    let folder = try TemporaryFolder()
    try folder.file("a.npy", NPY.file(of: Tensor.normal(shape, using: &random)))
    let file = try ExplainedFile(contentsOf: "\(folder.path)/a.npy")
    let explainer = try Explainer(network, for: file, threads: 1)
    let photograph = try explainer.photograph(file, named: "a.npy").photograph
    let map = try explainer.map(
      of: try explainer.subject(.unit("2")), in: photograph,
      by: ConfiguredMethod(.named(method), settings))
    return (map, photograph)
  }

  @Test(
    "numbers have the input's own axes; a layer's are its positions, or brought to the input along each axis"
  )
  func numbers() throws {
    func shape(
      _ map: SaliencyMap, _ photograph: Photograph, _ channels: SaliencyMap.Channels,
      _ grid: SaliencyMap.Grid
    ) -> Shape {
      map.numbers(channels, on: grid, of: photograph).shape
    }
    let (gradient, signal) = try explained("signal", like: [1, 2, 96], "gradient")
    #expect(shape(gradient, signal, .each, .network) == [1, 2, 96])
    #expect(shape(gradient, signal, .together, .network) == [96])
    let rows = gradient.attribution.scalars
    let sums = (0..<96).map { (sample: Int) -> Float in rows[sample] + rows[96 + sample] }
    let together = gradient.numbers(.together, on: .network, of: signal).scalars
    #expect(together == sums)
    let (cam, _) = try explained("signal", like: [1, 2, 96], "grad-cam")
    #expect(
      shape(cam, signal, .each, .network) == [24] && shape(cam, signal, .each, .picture) == [96])
    let (voxels, volume) = try explained("volume", like: [8, 12, 10], "input-x-gradient")
    #expect(shape(voxels, volume, .each, .network) == [1, 1, 8, 12, 10])
    #expect(shape(voxels, volume, .together, .network) == [8, 12, 10])
    let (coarse, _) = try explained("volume", like: [8, 12, 10], "layer-cam")
    #expect(coarse.attribution.shape == [1, 4, 6, 5])
    #expect(shape(coarse, volume, .together, .network) == [4, 6, 5])
    #expect(shape(coarse, volume, .together, .picture) == [8, 12, 10])
    #expect(volume.extents == "10×12×8" && signal.extents == "96 samples")
  }

  @Test(
    "standard errors are the method's own, where it has a number a sample as well",
    arguments: ["rise", "shapley-sampling", "smoothgrad"])
  func errors(method: String) throws {
    let (map, signal) = try explained(
      "signal", like: [1, 2, 96], method, .init(samples: 20))
    let own = try #require(map.standardError)
    let saved = try #require(map.standardErrors(on: .network, of: signal))
    #expect(saved.shape == (method == "smoothgrad" ? [1, 2, 96] : [96]))
    #expect(saved.scalars == own.scalars && saved.minimum >= 0 && saved.maximum > 0)
    #expect(saved.scalars != map.numbers(.each, on: .network, of: signal).scalars)
    #expect(map.standardErrors(on: .picture, of: signal)?.shape == saved.shape)
  }

  @Test("where signs say nothing the largest of a sample's bands counts")
  func unsigned() throws {
    let (map, signal) = try explained("signal", like: [1, 2, 96], "guided-backprop")
    let rows = map.attribution.scalars.map { abs($0) }
    let largest = (0..<96).map { (sample: Int) -> Float in max(rows[sample], rows[96 + sample]) }
    #expect(map.numbers(.together, on: .network, of: signal).scalars == largest)
  }

  @Test("slices between slices are PyTorch's, trilinearly")
  func trilinear() {
    let small = Tensor([1, 3, 2, 2], (0..<12).map { Float($0 * $0) })
    let large = small.enlarged(depth: 4).enlarged(height: 3, width: 3)
    let truth: [Float] = [
      0, 0.5, 1, 2, 3.5, 5, 4, 6.5, 9, 10, 13, 16, 17, 21, 25, 24, 29, 34, 34, 40, 46, 47, 54, 61,
      60, 68, 76, 64, 72.5, 81, 82, 91.5, 101, 100, 110.5, 121,
    ]
    #expect(large.shape == [1, 4, 3, 3])
    for (computed, recorded) in zip(large.scalars, truth) {
      #expect(abs(computed - recorded) < 2e-4)
    }
  }

  @Test("colours stand behind the samples that they are of")
  func drawn() throws {
    let input = Tensor([1, 1, 1, 100], (0..<100).map { Float($0 % 7) })
    var numbers = [Float](repeating: 0, count: 100)
    for i in 50..<60 { numbers[i] = 1 }
    for i in 80..<90 { numbers[i] = -1 }
    let shown = ShownMap(
      Tensor([1, 1, 1, 100], numbers), of: try .named("gradient"), form: .signal)
    let style = MapStyle(blur: 0)
    let picture = InputDrawing(input, form: .signal).picture(
      .overlay, of: shown, style, shown.range(style), width: 720)
    // The fullest colours are of the diverging map's ends.
    func columns(_ color: Color) -> [Int] {
      (0..<picture.width).filter { x in
        (0..<picture.height).contains { picture[x: x, y: $0] == color }
      }
    }
    let (red, blue) = (columns(ColorMap.blueWhiteRed[1]), columns(ColorMap.blueWhiteRed[0]))
    let left = 0.5 * Double((red.first ?? 0) + (red.last ?? 0))
    let right = 0.5 * Double((blue.first ?? 0) + (blue.last ?? 0))
    #expect(red.count > 50 && blue.count > 50 && abs(red.count - blue.count) < 8)
    // Sample 0 is at the left end of the axis, 99 at the right: 30 samples apart.
    #expect(abs((right - left) / Double(red.count) - 3) < 0.15)
    #expect(picture.width == 720)
  }

  @Test("what cuts up a plane is refused for volumes, and covering goes through their slices")
  func refused() throws {
    for method in ["xrai", "rise", "lime"] {
      let error = try #require(throws: AttributionError.self) {
        _ = try explained("volume", like: [8, 12, 10], method)
      }
      #expect("\(error)".contains("the network takes a volume of 8 slices"))
    }
    let (map, _) = try explained("volume", like: [8, 12, 10], "occlusion")
    let slices = (0..<8).map { map.attribution.gathered([$0], alongAxis: 1).scalars }
    #expect(slices[0] != slices[7])
    let (stretches, _) = try explained("signal", like: [1, 2, 96], "feature-ablation")
    #expect(Set(stretches.attribution.scalars).count > 50)
  }

  @Test("a signal of any number of bands is drawn, a line each", arguments: [1, 12, 13, 16])
  func bands(count: Int) {
    let numbers = (0..<count * 64).map { Float($0 % 7) }
    let picture = InputDrawing(Tensor([1, count, 1, 64], numbers), form: .signal).picture(
      width: 480)
    #expect(picture.width == 480 && picture.height >= 80 * count)
  }
}
