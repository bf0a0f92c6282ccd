/// Memory for packed weights and other tables of a plan: floats at a fixed address, aligned to 64 bytes,
/// all 0 at first.
package final class FloatBuffer {
  package let pointer: UnsafeMutablePointer<Float>
  package let count: Int

  package init(count: Int) {
    self.count = count
    let raw = UnsafeMutableRawPointer.allocate(byteCount: max(count, 1) * 4, alignment: 64)
    pointer = raw.bindMemory(to: Float.self, capacity: max(count, 1))
    pointer.initialize(repeating: 0, count: max(count, 1))
  }

  package convenience init(_ values: [Float], paddedTo count: Int? = nil) {
    self.init(count: max(values.count, count ?? 0))
    pointer.update(from: values, count: values.count)
  }

  deinit {
    pointer.deallocate()
  }
}
