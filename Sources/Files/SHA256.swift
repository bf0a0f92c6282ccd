#if canImport(FoundationEssentials)
  package import FoundationEssentials
#else
  package import Foundation
#endif

/// The hash that says which file it was, of bytes that come in pieces.
///
/// Source: FIPS 180-4, "Secure Hash Standard".
package struct SHA256 {
  private var state: State = (
    0x6a09_e667, 0xbb67_ae85, 0x3c6e_f372, 0xa54f_f53a,
    0x510e_527f, 0x9b05_688c, 0x1f83_d9ab, 0x5be0_cd19
  )
  /// What does not fill a block yet.
  private var rest: [UInt8] = []
  private var count: UInt64 = 0

  private typealias State = (UInt32, UInt32, UInt32, UInt32, UInt32, UInt32, UInt32, UInt32)

  /// The hash of nothing so far.
  package init() {}

  /// The digest of the bytes, as 64 hexadecimal digits.
  package static func hexadecimal(_ bytes: Data) -> String {
    var hash = SHA256()
    hash.update(bytes)
    return hash.hexadecimal
  }

  /// Takes the next bytes.
  package mutating func update(_ bytes: Data) {
    count += UInt64(bytes.count)
    var bytes = bytes
    if !rest.isEmpty {
      let missing = bytes.prefix(64 - rest.count)
      rest += missing
      bytes = bytes.dropFirst(missing.count)
      guard rest.count == 64 else { return }
      rest.withUnsafeBytes { compress($0, blocks: 1) }
    }
    let whole = bytes.count / 64 * 64
    rest = Array(bytes.dropFirst(whole))
    bytes.withUnsafeBytes { compress($0, blocks: whole / 64) }
  }

  /// The digest of all bytes so far, as 64 hexadecimal digits.
  package var hexadecimal: String {
    var last = self
    // The last block or two: the rest of the message, a one, zeros, and the length in bits.
    var tail = rest + [0x80]
    tail += Array(repeating: 0, count: (120 - tail.count % 64) % 64)
    withUnsafeBytes(of: (count * 8).bigEndian) { tail += $0 }
    tail.withUnsafeBytes { last.compress($0, blocks: tail.count / 64) }
    let (a, b, c, d, e, f, g, h) = last.state
    return [a, b, c, d, e, f, g, h].map { word in
      let digits = String(word, radix: 16)
      return String(repeating: "0", count: 8 - digits.count) + digits
    }.joined()
  }

  private mutating func compress(_ bytes: UnsafeRawBufferPointer, blocks: Int) {
    var sum = state
    Self.roundConstants.withUnsafeBufferPointer { k in
      withUnsafeTemporaryAllocation(of: UInt32.self, capacity: 64) { w in
        for block in 0..<blocks {
          Self.expand(bytes, at: block * 64, into: w)
          var (a, b, c, d, e, f, g, h) = sum
          for i in 0..<64 {
            let choice = (e & f) ^ (~e & g)
            let sum1 = Self.rotated(e, 6) ^ Self.rotated(e, 11) ^ Self.rotated(e, 25)
            let t = h &+ sum1 &+ choice &+ k[i] &+ w[i]
            let majority = (a & b) ^ (a & c) ^ (b & c)
            let sum0 = Self.rotated(a, 2) ^ Self.rotated(a, 13) ^ Self.rotated(a, 22)
            (h, g, f, e, d, c, b, a) = (g, f, e, d &+ t, c, b, a, t &+ sum0 &+ majority)
          }
          sum = (
            sum.0 &+ a, sum.1 &+ b, sum.2 &+ c, sum.3 &+ d,
            sum.4 &+ e, sum.5 &+ f, sum.6 &+ g, sum.7 &+ h
          )
        }
      }
    }
    state = sum
  }

  /// The message schedule of one block.
  private static func expand(
    _ bytes: UnsafeRawBufferPointer, at offset: Int, into w: UnsafeMutableBufferPointer<UInt32>
  ) {
    for i in 0..<16 {
      w[i] = UInt32(
        bigEndian: bytes.loadUnaligned(fromByteOffset: offset + 4 * i, as: UInt32.self))
    }
    for i in 16..<64 {
      let (x, y) = (w[i - 15], w[i - 2])
      let sigma0 = rotated(x, 7) ^ rotated(x, 18) ^ (x >> 3)
      let sigma1 = rotated(y, 17) ^ rotated(y, 19) ^ (y >> 10)
      w[i] = w[i - 16] &+ sigma0 &+ w[i - 7] &+ sigma1
    }
  }

  @inline(__always)
  private static func rotated(_ x: UInt32, _ n: UInt32) -> UInt32 {
    (x &>> n) | (x &<< (32 &- n))
  }

  /// The first 32 bits of the fractional parts of the cube roots of the first 64 primes.
  private static let roundConstants: [UInt32] = [
    0x428a_2f98, 0x7137_4491, 0xb5c0_fbcf, 0xe9b5_dba5, 0x3956_c25b, 0x59f1_11f1, 0x923f_82a4,
    0xab1c_5ed5, 0xd807_aa98, 0x1283_5b01, 0x2431_85be, 0x550c_7dc3, 0x72be_5d74, 0x80de_b1fe,
    0x9bdc_06a7, 0xc19b_f174, 0xe49b_69c1, 0xefbe_4786, 0x0fc1_9dc6, 0x240c_a1cc, 0x2de9_2c6f,
    0x4a74_84aa, 0x5cb0_a9dc, 0x76f9_88da, 0x983e_5152, 0xa831_c66d, 0xb003_27c8, 0xbf59_7fc7,
    0xc6e0_0bf3, 0xd5a7_9147, 0x06ca_6351, 0x1429_2967, 0x27b7_0a85, 0x2e1b_2138, 0x4d2c_6dfc,
    0x5338_0d13, 0x650a_7354, 0x766a_0abb, 0x81c2_c92e, 0x9272_2c85, 0xa2bf_e8a1, 0xa81a_664b,
    0xc24b_8b70, 0xc76c_51a3, 0xd192_e819, 0xd699_0624, 0xf40e_3585, 0x106a_a070, 0x19a4_c116,
    0x1e37_6c08, 0x2748_774c, 0x34b0_bcb5, 0x391c_0cb3, 0x4ed8_aa4a, 0x5b9c_ca4f, 0x682e_6ff3,
    0x748f_82ee, 0x78a5_636f, 0x84c8_7814, 0x8cc7_0208, 0x90be_fffa, 0xa450_6ceb, 0xbef9_a3f7,
    0xc671_78f2,
  ]
}
