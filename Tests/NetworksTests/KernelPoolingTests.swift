import CKernels
import Tensors
import Testing

@Suite("Kernels: pooling")
struct KernelPoolingTests {
  @Test("maximum is its definition", arguments: PoolingShape.odd)
  func maximum(_ shape: PoolingShape) {
    let f = PoolingFixture(shape, parts: [], seed: 1)
    // Equal values: the first wins.
    for c in 0..<shape.channels where c % 2 == 0 {
      for x in 0..<shape.columns { f.input[c, 0, x] = 2 }
    }
    var kernel = f.kernel
    forEachInstructionSet { name in
      for winners in [nil, f.winners.pointer] {
        kernel_max_pool(&kernel, winners, 0, Int32(f.input.blocks), 0, Int32(f.output.rows))
        let error = f.output.worst { c, y, x in
          (f.window(y, x).map { Double(f.input[c, $0.y, $0.x]) }.max() ?? -.infinity, 0)
        }
        #expect(error == 0, "\(name)")
      }
    }
  }

  @Test("the gradient of the maximum goes to the first winner", arguments: PoolingShape.odd)
  func maximumBackward(_ shape: PoolingShape) {
    let f = PoolingFixture(shape, parts: .all, seed: 2)
    for x in 0..<shape.columns { f.input[0, 0, x] = 2 }
    let values = f.input.contents
    let gradients = f.output.contents
    let expected = f.backward { c, y, x in
      var best: (y: Int, x: Int)?
      for p in f.window(y, x) {
        if let b = best, f.input[c, p.y, p.x] <= f.input[c, b.y, b.x] { continue }
        best = p
      }
      return best.map { [($0.y, $0.x, 1.0)] } ?? []
    }
    var kernel = f.kernel
    var epilogue = f.epilogue.epilogue
    let previous = PoolingFixture(shape, parts: .all, seed: 2).input
    previous.contents = values
    forEachInstructionSet { name in
      f.input.contents = values
      kernel_max_pool(
        &kernel, f.winners.pointer, 0, Int32(f.input.blocks), 0, Int32(f.output.rows))
      f.output.contents = gradients
      kernel_max_pool_backward(
        &kernel, f.winners.pointer, &epilogue, 0, Int32(f.input.blocks), 0, Int32(f.input.rows))
      let error = f.input.worst { c, y, x in
        f.epilogue.expected(
          expected[c][y * shape.columns + x], tolerance: Self.tolerance(shape),
          previous: previous[c, y, x], c, y, x)
      }
      #expect(error <= 1, "\(name)")
    }
  }

  @Test("average is its definition, both ways", arguments: PoolingShape.odd)
  func average(_ shape: PoolingShape) {
    let f = PoolingFixture(shape, parts: .all, seed: 3)
    let values = f.input.contents
    let gradients = f.output.contents
    let previous = PoolingFixture(shape, parts: .all, seed: 3).input
    func scale(_ y: Int, _ x: Int) -> Double {
      Double(f.scaleY.pointer[y]) * Double(f.scaleX.pointer[x])
    }
    let backward = f.backward { _, y, x in f.window(y, x).map { ($0.y, $0.x, scale(y, x)) } }
    var kernel = f.kernel
    var epilogue = f.epilogue.epilogue
    forEachInstructionSet { name in
      f.input.contents = values
      f.output.contents = gradients
      kernel_average_pool_backward(
        &kernel, f.scaleY.pointer, f.scaleX.pointer, &epilogue, 0, Int32(f.input.blocks), 0,
        Int32(f.input.rows))
      let backwardError = f.input.worst { c, y, x in
        f.epilogue.expected(
          backward[c][y * shape.columns + x], tolerance: Self.tolerance(shape),
          previous: previous[c, y, x], c, y, x)
      }
      #expect(backwardError <= 1, "\(name)")

      f.input.contents = values
      kernel_average_pool(
        &kernel, f.scaleY.pointer, f.scaleX.pointer, nil, 0, Int32(f.input.blocks), 0,
        Int32(f.output.rows))
      let error = f.output.worst { c, y, x in
        let sum = f.window(y, x).reduce(0) { $0 + Double(f.input[c, $1.y, $1.x]) }
        return (sum * scale(y, x), Self.tolerance(shape))
      }
      #expect(error <= 1, "\(name)")
    }
  }

  @Test("has the same bits however it is shared out", arguments: PoolingShape.odd)
  func partition(_ shape: PoolingShape) {
    let f = PoolingFixture(shape, parts: [.bias, .clamp], seed: 5)
    var kernel = f.kernel
    var epilogue = f.epilogue.epilogue
    let values = f.input.contents
    /// Everything that the four kernels write, done in parts of `step` rows of one block.
    func results(step: Int) -> [[Float]] {
      func inParts(_ rows: Int, _ body: (Int32, Int32, Int32) -> Void) {
        for block in 0..<Int32(f.input.blocks) {
          for row in stride(from: 0, to: rows, by: step) {
            body(block, Int32(row), Int32(min(row + step, rows)))
          }
        }
      }
      var all: [[Float]] = []
      f.input.contents = values
      inParts(f.output.rows) {
        kernel_average_pool(
          &kernel, f.scaleY.pointer, f.scaleX.pointer, nil, $0, $0 + 1, $1, $2)
      }
      all.append(f.output.contents)
      inParts(f.output.rows) {
        kernel_max_pool(&kernel, f.winners.pointer, $0, $0 + 1, $1, $2)
      }
      all.append(f.output.contents)
      inParts(f.input.rows) {
        kernel_max_pool_backward(&kernel, f.winners.pointer, &epilogue, $0, $0 + 1, $1, $2)
      }
      all.append(f.input.contents)
      inParts(f.input.rows) {
        kernel_average_pool_backward(
          &kernel, f.scaleY.pointer, f.scaleX.pointer, &epilogue, $0, $0 + 1, $1, $2)
      }
      return all + [f.input.contents]
    }
    forEachInstructionSet { name in
      #expect(results(step: 1) == results(step: 1000), "\(name)")
    }
  }

  @Test("NaN wins the maximum, the first of them")
  func notANumber() {
    let f = PoolingFixture(
      PoolingShape(channels: 1, rows: 1, columns: 4, size: (1, 4)), parts: [], seed: 4)
    f.input[0, 0, 1] = .nan
    f.input[0, 0, 2] = .nan
    var kernel = f.kernel
    forEachInstructionSet { name in
      kernel_max_pool(&kernel, f.winners.pointer, 0, 1, 0, 1)
      #expect(f.output[0, 0, 0].isNaN && f.winners.pointer[0] == 1, "\(name)")
    }
  }

  /// n additions of products of numbers below 1, each rounded, n the window's size.
  static func tolerance(_ shape: PoolingShape) -> Double {
    let n = Double(shape.size.y * shape.size.x)
    return roundingError * (n + 2) * n
  }
}
