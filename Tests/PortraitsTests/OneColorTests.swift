import Portraits
import Tensors
import Testing

@Suite("Pictures of one colour") struct OneColorTests {
  @Test("grey is one, and a colour; three of 256 values in one channel are a picture")
  func one() {
    func portrait(_ top: Float) -> Portrait {
      var pictures = Tensor([2, 3, 4, 4], (0..<96).map { Float($0 / 16 % 3) / 4 })
      pictures[1, 2, 3, 3] += top
      return Portrait(pictures: pictures, before: 0, after: 1)
    }
    #expect(portrait(0).isOneColor)
    #expect(portrait(2.9 / 256).isOneColor)
    #expect(!portrait(3.1 / 256).isOneColor)
    #expect(!portrait(-0.5).isOneColor)
  }
}
