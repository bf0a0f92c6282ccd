import Tensors
import Testing

@testable import Imaging

@Suite struct PictureTests {
  @Test func valuesAreClampedRoundedAndNaNIsBlack() {
    let values: [Float] = [
      -1, 0, 0.499 / 255, 0.501 / 255, 127.4 / 255, 127.6 / 255, 1, 2, .nan, .infinity, -.infinity,
    ]
    let picture = Picture(Tensor([1, 1, 1, values.count], values))
    #expect(
      (0..<values.count).map { picture[x: $0, y: 0].green }
        == [0, 0, 0, 1, 127, 128, 255, 255, 0, 255, 0])
  }

  @Test(arguments: [[1, 3, 2, 3], [3, 2, 3], [1, 4, 2, 3], [4, 2, 3], [1, 2, 3], [2, 3]])
  func channelsBecomeInterleaved(_ extents: [Int]) {
    let shape = Shape(extents)
    let planes = shape.count / 6
    let picture = Picture(Tensor(shape, (0..<shape.count).map { Float($0) / 255 }))
    #expect((picture.width, picture.height) == (3, 2))
    let (red, green, blue, alpha) =
      planes == 1 ? (4, 4, 4, 255) : (4, 10, 16, planes == 4 ? 22 : 255)
    #expect(
      picture[x: 1, y: 1]
        == Color(red: UInt8(red), green: UInt8(green), blue: UInt8(blue), alpha: UInt8(alpha)))
  }

  @Test func everyLevelSurvivesTheWayThroughATensor() {
    let bytes = (0..<256 * 4).map { UInt8($0 * 7 & 255) }
    let picture = Picture(width: 16, height: 16, hasAlpha: true, bytes: bytes)
    #expect(picture.tensorWithAlpha.shape == [1, 4, 16, 16])
    #expect(Picture(picture.tensorWithAlpha) == picture)
    #expect(picture.tensor.shape == [1, 3, 16, 16])
    #expect(Picture(picture.tensor) == picture.flattened())
  }

  @Test func aBatchIsTakenApart() {
    let batch = Tensor([3, 3, 2, 2], (0..<36).map { Float($0) / 255 })
    let pictures = Picture.pictures(of: batch)
    #expect(pictures.count == 3)
    #expect(pictures[2][x: 1, y: 0] == Color(red: 25, green: 29, blue: 33))
  }

  @Test func wrongShapesTrap() async {
    await #expect(processExitsWith: .failure) { _ = Picture(Tensor([2, 3, 4, 4])) }
    await #expect(processExitsWith: .failure) { _ = Picture(Tensor([1, 2, 4, 4])) }
  }
}
