import Foundation
import Memory

/// Memory for packed weights and other tables of a plan: floats at a fixed address, aligned to 64 bytes,
/// all 0 at first.
///
/// - Note: `@unchecked Sendable` holds because a buffer is written only by its maker, before it is handed on.
package final class FloatBuffer: @unchecked Sendable {
  package let pointer: UnsafeMutablePointer<Float>
  package let count: Int

  package init(count: Int) {
    self.count = count
    pointer = Self.memory(count)
    pointer.initialize(repeating: 0, count: max(count, 1))
  }

  /// Memory for somebody to fill.
  package init(uninitialized count: Int) {
    self.count = count
    pointer = Self.memory(count)
  }

  package convenience init(_ values: [Float], paddedTo count: Int? = nil) {
    self.init(count: max(values.count, count ?? 0))
    pointer.update(from: values, count: values.count)
  }

  deinit {
    Allocation.free(pointer)
  }

  /// Memory for `count` floats, uninitialized, aligned to 64 bytes; much of it in large pages where the
  /// system has them on request, which saves time when it is first touched and whenever it is streamed.
  static func memory(_ count: Int) -> UnsafeMutablePointer<Float> {
    let bytes = max(count, 1) * 4
    let largePage = 2 << 20
    let isLarge = bytes >= largePage
    let floats = Allocation.floats(count, alignment: isLarge ? largePage : 64)
    #if os(Linux)
      // The rest of the last one would be taken whole.
      if isLarge { madvise(floats, bytes / largePage * largePage, MADV_HUGEPAGE) }
    #endif
    return floats
  }
}
