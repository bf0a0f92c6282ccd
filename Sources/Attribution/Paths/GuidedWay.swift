import Tensors

/// A place on the way of guided integrated gradients, and what was gathered up to it.
struct GuidedWay {
  private let shape: Shape
  private let start: [Double]
  private let end: [Double]
  private let fraction: Double
  private let corridor: Double
  /// The distance from start to end: the sum of all elements' distances.
  private let total: Double
  private var x: [Double]
  private var sum: [Double]

  init(from start: Tensor, to end: Tensor, fraction: Double, corridor: Double) {
    shape = end.shape
    self.start = start.scalars.map(Double.init)
    self.end = end.scalars.map(Double.init)
    (self.fraction, self.corridor) = (fraction, corridor)
    x = self.start
    sum = [Double](repeating: 0, count: x.count)
    total = zip(self.start, self.end).reduce(0) { $0 + abs($1.0 - $1.1) }
  }

  /// Where the next gradient is wanted.
  var place: Tensor { Tensor(shape, x.map { Float($0) }) }

  /// The map so far.
  var map: Tensor { Tensor(shape, sum.map { Float($0) }) }

  /// Moves until the distance that is left is that of the straight line after this step.
  mutating func advance(_ gradient: Tensor, step: Int, of steps: Int) {
    guard total > 0 else { return }
    let alpha = Double(step + 1) / Double(steps)
    let (least, most) = (max(alpha - corridor, 0), min(alpha + corridor, 1))
    let wanted = total * (1 - alpha)
    let slope = gradient.scalars.map(Double.init)
    let highest = x.indices.map { start[$0] + (end[$0] - start[$0]) * most }
    var sizes = slope.map(abs)
    while true {
      let before = x
      catchUp(to: least)
      let left = x.indices.reduce(0) { $0 + abs(x[$1] - end[$1]) }
      // Close enough, as Python's `math.isclose` has it with both tolerances 1e-9.
      let isThere = abs(wanted - left) <= max(1e-9 * max(abs(wanted), abs(left)), 1e-9)
      let gamma = isThere ? 0 : move(by: left - wanted, towards: highest, &sizes)
      for i in x.indices { sum[i] += (x[i] - before[i]) * slope[i] }
      if isThere || gamma <= 1 { return }
    }
  }

  /// Brings elements that fell behind the corridor to its lower end.
  private mutating func catchUp(to least: Double) {
    for i in x.indices {
      let way = end[i] - start[i]
      if way != 0, (x[i] - start[i]) / way < least { x[i] = start[i] + way * least }
    }
  }

  /// Moves the elements with the smallest gradients towards the corridor's upper end.
  ///
  /// - Parameters:
  ///   - distance: How much is to be made good.
  ///   - highest: The corridor's upper end.
  ///   - sizes: The sizes of gradients; infinite for elements that stand at the upper end.
  /// - Returns: The part of the elements' ways that would do: more than 1 where they do not suffice.
  private mutating func move(
    by distance: Double, towards highest: [Double], _ sizes: inout [Double]
  ) -> Double {
    for i in x.indices where x[i] == highest[i] { sizes[i] = .infinity }
    let threshold = sizes.ranked(Int(fraction * Double(sizes.count - 1)))
    let chosen = x.indices.filter { sizes[$0] <= threshold && sizes[$0] < .infinity }
    let reach = chosen.reduce(0) { $0 + abs(x[$1] - highest[$1]) }
    // Nothing is left to move: what is missing is rounding.
    guard reach > 0 else { return 0 }
    let gamma = distance / reach
    for i in chosen {
      x[i] = gamma > 1 ? highest[i] : x[i] + (highest[i] - x[i]) * gamma
    }
    return gamma
  }
}

extension [Double] {
  /// The number of a rank, 0 for the smallest, by quickselect.
  func ranked(_ rank: Int) -> Double {
    var (low, high, numbers) = (0, count - 1, self)
    while low < high {
      let pivot = numbers[low + (high - low) / 2]
      var (i, j) = (low, high)
      while i <= j {
        while numbers[i] < pivot { i += 1 }
        while numbers[j] > pivot { j -= 1 }
        if i <= j {
          numbers.swapAt(i, j)
          (i, j) = (i + 1, j - 1)
        }
      }
      if rank <= j { high = j } else if rank >= i { low = i } else { return numbers[rank] }
    }
    return numbers[low]
  }
}
