package import Blocks
package import Graphs
package import Tensors

/// The number of a value in a program.
package typealias Value = Int

/// What is computed, in the terms of the kernels.
package enum Operation {
  /// A convolution; a fully connected layer is one whose window is its whole input.
  case convolution(Convolution)
  case transposedConvolution(Convolution)
  case maxPool(Window, Window)
  case averagePool(Window, Window, countPadding: Bool)
  case lrn(LRN)
  case layerNormalization(LayerNormalization)
  /// Of heads that lie in tensors or in channel blocks of one row of pixels.
  case attention(Attention)
  /// `scale[c] · x + shift[c]`: batch norm, and arithmetic with constants.
  case scaleShift([Float], [Float])
  case add
  /// The second factor may have one pixel, which goes for all.
  case multiply
  case activation(Activation)
  case concatenate
  /// The input as it is, for an activation to act on.
  case copy
  /// Any operation on whole tensors, by the tape.
  case tape(TapeCall)
  /// The last input, a node's result, as it is; backwards, what a gradient rule says, to the other inputs.
  case replaced(ReplacedNode)
  /// From a tensor to channel blocks.
  case toBlocks
  /// From either form to a tensor.
  case toTensor
  /// From a tensor of rows of channels to channel blocks whose pixels, of all images, are the rows.
  case rowsToBlocks
  /// The other way.
  case blocksToRows
  /// Pixels, of all images, of other channel blocks, by their numbers.
  case gatherRows([Int32])
}

/// Local response normalization over channels.
package struct LRN: Hashable {
  var size: Int
  var alpha: Float
  var beta: Float
  var bias: Float
}

/// One line of a program: `output = clamp(activation(operation(inputs) + addend))`.
package struct Instruction {
  var operation: Operation
  var inputs: [Value]
  var outputs: [Value]
  var addend: Value?
  /// One that keeps zero.
  var activation: Activation?
  var clamp: Clamp?
  /// The name of the layer that it computes, for tables; empty where there is none.
  var layer = ""

  var output: Value { outputs[0] }

  /// Every value read.
  var reads: [Value] { inputs + (addend.map { [$0] } ?? []) }

  /// The values to which the gradient of the output is carried, one a part.
  var differentiated: [Value] {
    if case .replaced = operation { inputs.dropLast() } else { reads }
  }
}

/// A value whose gradient somebody wants to see.
package struct Observation {
  package let value: Value
  /// The shape that the graph gives it.
  let shape: Shape
  /// Whether the value is kept in channel blocks whose pixels, image by image, are the rows of the tensor.
  let isRows: Bool
  /// How the gradient's axes are to be turned for what was asked for; `nil`: as they are.
  package var order: [Int]?
}

/// Where a value is kept.
package enum Form: Hashable {
  /// In channel blocks; the shape as batch, channels, height, width.
  case blocks(batch: Int, channels: Int, height: Int, width: Int)
  /// As a tensor of any shape.
  case tensor(Shape)
}

/// A network, or the part of it that is needed, in the terms of the kernels, for one input shape.
package struct Program {
  /// How each value is kept; its number is its place here.
  var forms: [Form] = []
  var instructions: [Instruction] = []
  /// How many pictures lie side by side in each image of a value that is rows as pixels.
  var pictures: [Value: Int] = [:]

  mutating func value(_ form: Form) -> Value {
    forms.append(form)
    return forms.count - 1
  }

  /// The instructions that read each value.
  func readers() -> [Value: [Int]] {
    var readers: [Value: [Int]] = [:]
    for (index, instruction) in instructions.enumerated() {
      for value in instruction.reads { readers[value, default: []].append(index) }
    }
    return readers
  }

  /// The instruction that makes each value.
  func makers() -> [Value: Int] {
    var makers: [Value: Int] = [:]
    for (index, instruction) in instructions.enumerated() {
      for value in instruction.outputs { makers[value] = index }
    }
    return makers
  }

  /// Drops the instructions that `results` do not need.
  package mutating func prune(to results: some Sequence<Value>) {
    var wanted = Set(results)
    var kept: [Instruction] = []
    for instruction in instructions.reversed()
    where instruction.outputs.contains(where: wanted.contains) {
      kept.append(instruction)
      wanted.formUnion(instruction.reads)
    }
    instructions = kept.reversed()
  }
}
