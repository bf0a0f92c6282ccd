import Graphs
import Memory
import Tensors

/// What a plan's tensors will take, and what was computed to learn their shapes.
///
/// A file of a kilobyte can ask for any of both: constants of any extent, products of these, and so on. Neither goes
/// beyond what stands in proportion to the file and to the picture.
package struct LoweringAccount {
  /// Operations that any file may take before it runs, some seconds of one core.
  private static let freeWork = 50_000_000_000
  /// Operations for each number stored in the file, and for each of the picture's.
  private static let (workPerWeight, workPerInput) = (1000, 40_000)
  /// What making one element of a tensor counts, in multiplications that are added up.
  private static let workPerElement = 16

  private let copies: Int
  private var constants = 0
  private var tensors = 0
  private var largest = 0
  /// Operations that are left.
  private(set) var workLeft: Int

  init(_ graph: Graph, inputCount: Int, copies: Int) {
    self.copies = copies
    let stored = graph.constants.values.reduce(0) { $0 + $1.count }
    workLeft = MemoryLimit.sum(
      Self.freeWork, MemoryLimit.product([Self.workPerWeight, stored]),
      MemoryLimit.product([Self.workPerInput, inputCount]))
  }

  /// Floats that tensors and folded constants take at their most: all that stays, and beside the largest what
  /// making it, or its gradient, takes.
  package var scalars: Int {
    MemoryLimit.sum(
      constants, MemoryLimit.product([copies, tensors]), MemoryLimit.product([3, largest]))
  }

  /// Takes account of a tensor that is another form of what there is.
  ///
  /// - Throws: `MemoryError` where all of them are too much.
  mutating func hold(_ shape: Shape) throws {
    try take {
      $0.tensors += shape.count
      $0.largest = max($0.largest, shape.count)
    }
  }

  /// Takes account of numbers of the file's that become floats.
  ///
  /// - Throws: `MemoryError` where all of them are too much.
  mutating func unpack(_ count: Int) throws { try take { $0.constants += count } }

  /// What is refused is not taken.
  private mutating func take(_ change: (inout LoweringAccount) -> Void) throws {
    var changed = self
    change(&changed)
    try MemoryLimit.check(scalars: changed.scalars)
    self = changed
  }

  /// Takes account of a tensor that a node makes.
  ///
  /// - Parameters:
  ///   - shape: The tensor's.
  ///   - isConstant: Whether it is known now, and kept once.
  ///   - multiplyAdds: What making it took besides a few operations an element.
  ///   - node: The node, for errors.
  /// - Throws: `MemoryError` where all of them are too much; `NetworkError` where the work is.
  mutating func hold(_ shape: Shape, isConstant: Bool, multiplyAdds: Int, of node: Node) throws {
    if isConstant {
      try take {
        $0.constants += shape.count
        $0.largest = max($0.largest, shape.count)
      }
    } else {
      try hold(shape)
    }
    workLeft -= MemoryLimit.sum(
      multiplyAdds, MemoryLimit.product([Self.workPerElement, shape.count]))
    guard workLeft > 0 else { throw TapeCall.tooMuchWork(node) }
  }
}
