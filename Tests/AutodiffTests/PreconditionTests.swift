import Foundation
import Tensors
import Testing

@testable import Autodiff

/// What a caller does wrong is said, although all builds are optimized.
@Suite("Preconditions") struct PreconditionTests {
  private func words(_ result: ExitTest.Result?) -> String {
    String(decoding: result?.standardErrorContent ?? [], as: UTF8.self)
  }

  @Test("the gradient of a vector")
  func vector() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = gradient(at: Tensor([2], [1, 2]), of: { $0 * $0 })
    }
    #expect(words(result).contains("gradient: the value is no scalar but has shape 2"))
  }

  @Test("tensors that do not fit")
  func shapes() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = Tensor([2], [1, 2, 3])
    }
    #expect(words(result).contains("Tensor: 3 scalars for shape 2"))
  }
}
