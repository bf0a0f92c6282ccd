#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// Memory at fixed addresses, for tensors, maps and weights.
///
/// What files and options ask for is checked by `MemoryLimit` before it comes here. Where the system has no more
/// all the same, the process ends with a sentence and exit status 1: no caller could go on without it.
package enum Allocation {
  /// Memory for floats, without values.
  ///
  /// - Parameters:
  ///   - count: How many; at least one is there.
  ///   - alignment: A power of two.
  /// - Returns: Their address, for `free`.
  package static func floats(
    _ count: Int, alignment: Int = 64
  ) -> UnsafeMutablePointer<Float> {
    let (bytes, overflow) = max(count, 1).multipliedReportingOverflow(
      by: MemoryLayout<Float>.stride)
    var memory: UnsafeMutableRawPointer?
    guard !overflow, posix_memalign(&memory, alignment, bytes) == 0, let memory else {
      fail(bytes: overflow ? .max : bytes)
    }
    return memory.bindMemory(to: Float.self, capacity: max(count, 1))
  }

  /// Lets every block of a megabyte or more go back to the system as soon as it is freed, for the whole process.
  ///
  /// The C library of Linux otherwise keeps such blocks, once one was freed, in a heap that does not become smaller. Of
  /// smaller ones it keeps 8 MB, as it would have come to by itself: each step needs them again.
  package static func returnLargeBlocks() {
    #if canImport(Glibc)
      // <malloc.h> stands in no module; M_MMAP_THRESHOLD is -3 there, M_TRIM_THRESHOLD -1.
      typealias Option = @convention(c) (_ parameter: CInt, _ value: CInt) -> CInt
      guard let mallopt = dlsym(nil, "mallopt") else { return }
      let set = unsafeBitCast(mallopt, to: Option.self)
      _ = (set(-3, 1 << 20), set(-1, 8 << 20))
    #endif
  }

  /// Gives memory back that `floats` returned.
  package static func free(_ memory: UnsafeMutablePointer<Float>) {
    #if canImport(Glibc)
      Glibc.free(memory)
    #elseif canImport(Musl)
      Musl.free(memory)
    #else
      Darwin.free(memory)
    #endif
  }

  private static func fail(bytes: Int) -> Never {
    let words =
      "Error: the system has no \(MemoryError.amount(bytes)) of memory left; use a smaller picture or fewer "
      + "at a time\n"
    _ = words.withCString { write(STDERR_FILENO, $0, strlen($0)) }
    _exit(1)
  }
}
