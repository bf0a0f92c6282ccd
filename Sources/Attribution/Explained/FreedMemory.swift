import Tensors

#if canImport(Glibc)
  import Glibc
#endif

/// Memory that is freed and not yet the system's again.
enum FreedMemory {
  /// Gives it back: what reading a file and an earlier plan have left does not stand beside the next plan's weights.
  ///
  /// It takes a few milliseconds, a plan's making hundreds.
  static func giveBack() {
    Tensor.returnUnused()
    #if canImport(Glibc)
      // <malloc.h> stands in no module.
      typealias Trim = @convention(c) (_ padding: Int) -> CInt
      if let trim = dlsym(nil, "malloc_trim") { _ = unsafeBitCast(trim, to: Trim.self)(0) }
    #endif
  }
}
