import Autodiff
import Blocks
import Memory
import Tensors

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

extension Operator {
  /// The frequencies of signals.
  static let transforms: [Operator] = [
    Operator("DFT", .other, cost: { transformCost($0) }, transform),
    Operator(
      "STFT", .other, makes: .like(0),
      cost: { transformCost($0, width: $0.input(2)?.count) }, frames),
  ]

  /// Every number of the result is a sum over all samples and their parts: those of the axis or, where an input names
  /// that, of the longest.
  private static func transformCost(_ node: NodeShapes, width: Int? = nil) -> Int {
    guard let input = node.input(0), let output = node.output, input.rank > 1 else { return 0 }
    let longest = input.dimensions.dropLast().max() ?? 0
    let named =
      node.node.opset < 20 ? input.dimensions[checked: node.node.int("axis", default: 1)] : nil
    return MemoryLimit.product([output.count, width ?? named ?? longest, input[-1]])
  }

  /// The transform along an axis of numbers with one part, real, or two, the last axis.
  private static func transform(_ call: TapeCall) throws -> Variable {
    let x = try call.input(0)
    let old = call.node.opset < 20
    let given = old ? call.node.int("axis", default: 1) : try call.constant(2)?.integers.first ?? -2
    let axis = try call.axis(given, rank: x.shape.rank)
    try call.require(
      axis < x.shape.rank - 1 && [1, 2].contains(x.shape[-1]) && x.shape.count > 0,
      "axis \(given) of \(x.shape), whose last axis has the real and the imaginary part")
    let (isInverse, isOneSided) = (
      call.node.int("inverse", default: 0) != 0, call.node.int("onesided", default: 0) != 0
    )
    let whole = isInverse && isOneSided ? 2 * (x.shape[axis] - 1) : x.shape[axis]
    let length = try call.constant(1)?.integers.first ?? whole
    var order = Array(x.shape.dimensions.indices)
    order.swapAt(axis, order.count - 2)
    let result = try spectrum(
      call, x.transposed(order), length: length, isInverse: isInverse, isOneSided: isOneSided)
    return result.transposed(order)
  }

  /// The transforms of frames that follow each other by so many samples.
  private static func frames(_ call: TapeCall) throws -> Variable {
    let x = try call.input(0)
    let step = try call.constant(1)?.integers.first ?? 0
    let window = call.optionalInput(2)
    let length =
      try call.constant(3)?.integers.first ?? window?.shape.count ?? x.shape[checked: 1] ?? 0
    try call.require(
      x.shape.rank == 3 && [1, 2].contains(x.shape[2]) && step > 0 && length > 0
        && length <= x.shape[1] && window?.shape ?? [length] == [length] && x.shape[0] > 0,
      "frames of \(length) every \(step) of \(x.shape)")
    let count = (x.shape[1] - length) / step + 1
    _ = try call.shape([x.shape[0], count, length, x.shape[2]])
    let places = (0..<count).flatMap { frame in (0..<length).map { frame * step + $0 } }
    var framed = x.gathered(places, alongAxis: 1)
      .reshaped(to: [x.shape[0], count, length, x.shape[2]])
    if let window { framed = framed * window.reshaped(to: [length, 1]) }
    return try spectrum(
      call, framed, length: length, isInverse: false,
      isOneSided: call.node.int("onesided", default: 1) != 0)
  }

  /// `X[k] = Σ x[n] e^(∓2πi kn/N)` along the last axis but one, whose numbers beyond N are left out; those that are
  /// missing are zeros.
  ///
  /// With `isInverse` the sign is the other, and the sum is divided by N. One-sided, only the frequencies up to N / 2
  /// come out; or, of the inverse, go in, and real numbers come out.
  private static func spectrum(
    _ call: TapeCall, _ x: Variable, length: Int, isInverse: Bool, isOneSided: Bool
  ) throws -> Variable {
    try call.require((1...1 << 30).contains(length), "a transform of \(length)")
    let half = length / 2 + 1
    let most = isInverse && isOneSided ? half : length
    let taken = min(x.shape[-2], most)
    let results = isOneSided && !isInverse ? half : length
    let makesReal = isInverse && isOneSided
    let rank = x.shape.rank
    _ = try call.shape([taken, results, 4])
    try call.checkWork([x.shape.count, results, 2])
    let waves = WaveTable(
      length: length, taken: taken, results: results, isInverse: isInverse,
      doubles: makesReal)
    func part(_ index: Int) -> Variable {
      x.sliced(0..<taken, alongAxis: rank - 2).sliced(index..<index + 1, alongAxis: rank - 1)
        .transposedMatrices()
    }
    // Rows of samples: … × 1 × taken, times taken × results.
    let (cosines, sines) = (waves.table(cos), waves.table(sin))
    let real = part(0)
    var (first, second) = (inDouble(real, cosines), -inDouble(real, sines))
    if x.shape[-1] == 2 {
      let imaginary = part(1)
      first = first + inDouble(imaginary, sines)
      second = second + inDouble(imaginary, cosines)
    }
    let parts = makesReal ? [first] : [first, second]
    return concatenate(parts.map { $0.transposedMatrices() }, alongAxis: rank - 1)
  }

  /// Rows times a matrix, added up in double precision: frequencies that are missing cancel to nothing.
  private static func inDouble(_ x: Variable, _ matrix: WaveTable.Matrix) -> Variable {
    var shape = x.shape
    shape[shape.rank - 1] = matrix.columns
    return byRows(x, length: matrix.rows, shape: shape, width: matrix.columns) { x, y in
      matrix.multiply(x, into: y)
    } backward: { _, _, g, result in
      matrix.multiplyTransposed(g, into: result)
    }
  }
}

/// Cosines and sines of a transform, samples × frequencies, computed in double precision.
private struct WaveTable {
  let length, taken, results: Int
  let isInverse: Bool
  /// Whether frequencies go in that stand for their mirror images, too.
  let doubles: Bool

  /// Numbers in rows.
  struct Matrix: Sendable {
    let rows, columns: Int
    let numbers: [Double]

    func multiply(_ x: UnsafeBufferPointer<Float>, into y: UnsafeMutableBufferPointer<Float>) {
      for column in 0..<columns {
        var sum = 0.0
        for row in 0..<rows { sum += Double(x[row]) * numbers[row * columns + column] }
        y[column] = Float(sum)
      }
    }

    func multiplyTransposed(
      _ g: UnsafeBufferPointer<Float>, into result: UnsafeMutableBufferPointer<Float>
    ) {
      for row in 0..<rows {
        var sum = 0.0
        for column in 0..<columns { sum += Double(g[column]) * numbers[row * columns + column] }
        result[row] = Float(sum)
      }
    }
  }

  func table(_ wave: (Double) -> Double) -> Matrix {
    let values = (0..<length).map { wave(2 * .pi * Double($0) / Double(length)) }
    var numbers: [Double] = []
    numbers.reserveCapacity(taken * results)
    for n in 0..<taken {
      let isAlone = n == 0 || 2 * n == length
      let factor = (isInverse ? 1 / Double(length) : 1) * (doubles && !isAlone ? 2 : 1)
      for k in 0..<results {
        let place = n * k % length
        numbers.append(factor * values[isInverse ? (length - place) % length : place])
      }
    }
    return Matrix(rows: taken, columns: results, numbers: numbers)
  }
}
