import Tensors

/// The coalitions that `KernelSHAP` looks at, neither empty nor whole: all of them, or some that are drawn with
/// the probability of the Shapley kernel, each followed by its complement.
struct KernelDraws {
  /// The number of parts, at least 2.
  let parts: Int
  /// How many coalitions there are.
  let count: Int
  /// Whether they are all that there are.
  let isComplete: Bool
  private let seed: UInt64
  /// For each size the share of the draws that are no larger.
  private let shares: [Double]

  /// Chooses.
  init(parts: Int, samples: Int, seed: UInt64) {
    precondition(parts >= 2, "KernelDraws: \(parts) parts")
    (self.parts, self.seed) = (parts, seed)
    let all = parts < 40 ? 1 << parts - 2 : Int.max
    isComplete = all <= samples
    count = isComplete ? all : samples
    let sizes = (1..<parts).map { 1 / (Double($0) * Double(parts - $0)) }
    let whole = sizes.reduce(0, +)
    var sum = 0.0
    shares = sizes.map {
      sum += $0 / whole
      return sum
    }
  }

  /// A coalition by its number.
  func coalition(_ number: Int) -> Coalition {
    if isComplete { return Coalition(number: number + 1, parts: parts) }
    var random = SplitMix64(seed: seed, draw: number / 2)
    let place = random.uniform()
    let size = 1 + (shares.firstIndex { place < $0 } ?? shares.count - 1)
    let drawn = Coalition.drawn(size: size, of: parts, using: &random)
    return number % 2 == 0 ? drawn : drawn.complement
  }

  /// How much a coalition counts: `(n − 1) / (C(n, s) s (n − s))`, or 1 where they are drawn by that.
  func weight(_ number: Int) -> Double {
    guard isComplete else { return 1 }
    let size = coalition(number).size
    var ways = 1.0
    for i in 0..<size { ways *= Double(parts - i) / Double(i + 1) }
    return Double(parts - 1) / (ways * Double(size) * Double(parts - size))
  }
}
