import Tensors
import Testing

@testable import Imaging

@Suite struct HeatMapTests {
  @Test func endAndMiddleColors() {
    #expect(ColorMap.viridis[0] == Color(0x440154) && ColorMap.viridis[1] == Color(0xFDE725))
    #expect(ColorMap.inferno[0] == Color(0x000004) && ColorMap.inferno[1] == Color(0xFCFFA4))
    #expect(ColorMap.viridis[128 / 255] == Color(0x21918C))
    #expect(ColorMap.inferno[128 / 255] == Color(0xBC3754))
    #expect(ColorMap.blueWhiteRed[0.5] == .white)
    #expect(ColorMap.grey[0.5] == Color(grey: 128))
    for map in ColorMap.all {
      #expect(map[-3] == map[0] && map[7] == map[1] && map[.nan] == map[0])
    }
  }

  @Test(
    "Light grows along the maps without a middle", arguments: [ColorMap.viridis, .inferno, .grey])
  func lightGrows(_ map: ColorMap) {
    let lumas = (0...100).map { map[Float($0) / 100].luma }
    #expect(zip(lumas, lumas.dropFirst()).allSatisfy { $0 <= $1 + 0.004 })
  }

  @Test(
    arguments: [
      (Normalization.maximum, [0, 0, 0.25, 0.5, 1] as [Float]),
      (.range, [0, 1 / 3, 0.5, 2 / 3, 1]),
      (.fixed(0...2), [0, 0, 0.5, 1, 1]),
      (.percentile(75), [0, 0, 0.5, 1, 1]),
      (.symmetric(percentile: 100), [0.25, 0.5, 0.625, 0.75, 1]),
      (.symmetric(percentile: 50), [0, 0.5, 0.75, 1, 1]),
    ])
  func normalization(_ rule: Normalization, truth: [Float]) {
    let result = rule(Tensor([5], [-2, 0, 1, 2, 4])).scalars
    #expect(zip(result, truth).allSatisfy { abs($0 - $1) < 1e-6 }, "\(result)")
  }

  @Test func valuesThatAreNotFiniteDoNotSpoilTheRest() {
    let values = Tensor([5], [.nan, .infinity, -.infinity, 1, 2])
    #expect(Normalization.maximum(values).scalars == [0, 1, 0, 0.5, 1])
    #expect(Normalization.symmetric(percentile: 100)(values).scalars == [0.5, 1, 0, 0.75, 1])
    #expect(Normalization.percentile(99)(Tensor([2], repeating: .nan)).scalars == [0, 0])
  }

  @Test func aMapOfZerosIsQuiet() {
    let zeros = Tensor([3, 3])
    #expect(HeatMap(zeros).picture == Picture(width: 3, height: 3, filledWith: Color(0x000004)))
    #expect(HeatMap(signed: zeros).picture == Picture(width: 3, height: 3, filledWith: .white))
  }

  @Test func fewPixelsAmongZerosStayVisible() {
    var values = Tensor([20, 20])
    values[3, 4] = 5
    #expect(HeatMap(values).picture[x: 4, y: 3] == ColorMap.inferno[1])
  }

  @Test func overlaysColorOnlyWhereTheMapIs() {
    let photo = Picture(width: 40, height: 40, filledWith: Color(red: 90, green: 140, blue: 60))
    var values = Tensor([1, 1, 4, 4])
    values[0, 0, 1, 1] = 1
    let overlay = HeatMap(values, normalization: .maximum).overlay(on: photo)
    #expect((overlay.width, overlay.height) == (40, 40))
    let (far, peak) = (overlay[x: 38, y: 38], overlay[x: 15, y: 15])
    #expect(far.red == far.green && far.green == far.blue)
    #expect(peak.red > peak.blue + 50)

    let signed = HeatMap(signed: Tensor([1, 2], [-1, 1])).overlay(on: photo)
    #expect(signed[x: 2, y: 20].blue > signed[x: 2, y: 20].red)
    #expect(signed[x: 37, y: 20].red > signed[x: 37, y: 20].blue)
  }

  @Test func thePanelHoldsAllThree() {
    let photo = Picture(width: 64, height: 48, filledWith: Color(0x336699))
    let map = HeatMap(Tensor([2, 2], [0, 1, 2, 3]))
    let panel = map.panel(of: photo)
    let parts = [photo, map.picture(width: 64, height: 48), map.overlay(on: photo)]
    let layout = ContactSheet.Layout(
      of: ContactSheet(parts.map { .init($0, caption: "a") }, columns: 3))
    for (i, part) in parts.enumerated() {
      let (x, y) = layout.origin(of: i)
      #expect(panel.cropped(x: x, y: y, width: 64, height: 48) == part)
    }
  }
}
