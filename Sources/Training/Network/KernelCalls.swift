import Blocks
import CKernels
import Tensors

extension kernel_epilogue {
  /// Nothing happens to a sum; a mask that is put in keeps what is above 0.
  static var plain: kernel_epilogue {
    var epilogue = kernel_epilogue()
    (epilogue.lower, epilogue.upper, epilogue.mask_upper) = (-.infinity, .infinity, .infinity)
    return epilogue
  }
}

extension kernel_weight_gradient {
  /// Runs the call on all threads.
  ///
  /// Each takes pairs of output blocks, and where these are too few, some input blocks of them; the bits do
  /// not depend on it.
  func run(outputBlocks: Int, inputBlocks: Int, _ pool: ThreadPool) {
    let wanted = 3 * pool.threads
    let outputStep = outputBlocks > 2 || pool.threads == 1 ? 2 : 1
    let groups = (outputBlocks + outputStep - 1) / outputStep
    let splits = pool.threads == 1 ? 1 : min(inputBlocks, (wanted + groups - 1) / groups)
    pool.run(groups * splits) { part in
      let (group, split) = (part / splits, part % splits)
      withUnsafePointer(to: self) {
        kernel_convolve_weights(
          $0, Int32(group * outputStep), Int32(min((group + 1) * outputStep, outputBlocks)),
          Int32(inputBlocks * split / splits), Int32(inputBlocks * (split + 1) / splits))
      }
    }
  }
}
