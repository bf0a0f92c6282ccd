import Portraits
import Tensors
import Testing

@Suite("What steps changed") struct PortraitMovementTests {
  @Test("less than a hundredth of the value is next to nothing")
  func hardly() {
    func portrait(_ before: Float, _ after: Float) -> Portrait {
      Portrait(pictures: Tensor([1, 1, 2, 2]), before: before, after: after)
    }
    for (before, after) in [(-0.1312, -0.1309), (0, 0), (5, 5.04)] as [(Float, Float)] {
      #expect(portrait(before, after).isHardlyMoved)
    }
    for (before, after) in [(-0.13, -0.12), (0, 0.001), (5, 5.1), (1, -1)] as [(Float, Float)] {
      #expect(!portrait(before, after).isHardlyMoved)
    }
    #expect(portrait(0.2, 0.2).isUnmoved && !portrait(-0.1312, -0.1309).isUnmoved)
  }
}
