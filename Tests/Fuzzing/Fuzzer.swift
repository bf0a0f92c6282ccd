import Foundation

/// libFuzzer's own mutation, of bytes.
///
/// It takes and returns single registers, for which Swift's calling convention is C's.
@_silgen_name("LLVMFuzzerMutate")
private func mutateBytes(_ data: UnsafeMutablePointer<UInt8>, _ size: Int, _ capacity: Int) -> Int

/// Runs one input; libFuzzer brings the `main` that calls this.
///
/// Thirty seconds of computing, two or three of the program as it is used, are too many. libFuzzer's own limit is one of
/// the clock on the wall, which on a busy machine says little.
@_cdecl("LLVMFuzzerTestOneInput")
func test(_ data: UnsafePointer<UInt8>?, _ size: Int) -> CInt {
  let start = computingTime()
  exercise(Data(UnsafeBufferPointer(start: data, count: size)))
  precondition(computingTime() - start < 30, "a model that takes 30 seconds and more")
  return 0
}

/// The seconds that this process has computed for.
private func computingTime() -> Int {
  var time = timespec()
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
  return time.tv_sec
}

/// Changes an input in place: three times in four as a model, else, or where it is none, as bytes.
@_cdecl("LLVMFuzzerCustomMutator")
func mutate(
  _ data: UnsafeMutablePointer<UInt8>, _ size: Int, _ capacity: Int, _ seed: CUnsignedInt
) -> Int {
  guard seed % 4 > 0, var model = ModelMutator(Data(bytes: data, count: size), seed: seed) else {
    return mutateBytes(data, size, capacity)
  }
  return model.write(to: data, capacity: capacity) ?? mutateBytes(data, size, capacity)
}

/// Puts one model's operations after another's.
@_cdecl("LLVMFuzzerCustomCrossOver")
func cross(
  _ first: UnsafePointer<UInt8>, _ firstSize: Int, _ second: UnsafePointer<UInt8>,
  _ secondSize: Int, _ out: UnsafeMutablePointer<UInt8>, _ capacity: Int, _ seed: CUnsignedInt
) -> Int {
  guard var model = ModelMutator(Data(bytes: first, count: firstSize), seed: seed),
    let other = ModelMutator(Data(bytes: second, count: secondSize), seed: seed)
  else { return 0 }
  model.append(other)
  return model.write(to: out, capacity: capacity) ?? 0
}
