import Blocks
import Memory
import Tensors

extension FusedParts {
  /// A product with a matrix of 2, 4 or 8 bits a number, in blocks with a scale and a zero point each: the matrix is
  /// unpacked here.
  ///
  /// Of each of its N outputs, K numbers lie in blocks one behind the other, the low bits of a byte first. Source:
  /// ONNX Runtime, contrib operator `MatMulNBits`.
  ///
  /// - Returns: False where the matrix is no constant, or its parts do not fit each other.
  mutating func packedProduct() -> Bool {
    let (inputs, outputs) = (node.int("K", default: 0), node.int("N", default: 0))
    let (bits, block) = (node.int("bits", default: 4), node.int("block_size", default: 0))
    guard let x = node.input(0), [2, 4, 8].contains(bits), inputs > 0, outputs > 0, block > 0,
      block <= 1 << 20, MemoryLimit.allows([inputs, outputs]),
      let packed = node.input(1).flatMap({ constants[$0] }), let numbers = bytes(packed),
      let scales = node.input(2).flatMap({ constants[$0]?.tensor.scalars })
    else { return false }
    let blocks = (inputs - 1) / block + 1
    let width = (block * bits + 7) / 8
    guard numbers.count == outputs * blocks * width, scales.count == outputs * blocks,
      let zeros = zeroPoints(bits, outputs: outputs, blocks: blocks),
      let groups = groups(inputs, block: block, blocks: blocks)
    else { return false }
    let (each, mask) = (8 / bits, 1 << bits - 1)
    var matrix = [Float](repeating: 0, count: inputs * outputs)
    for output in 0..<outputs {
      for input in 0..<inputs {
        let place = input % block
        let byte = (output * blocks + input / block) * width + place / each
        let number = Int(numbers[byte]) >> (place % each * bits) & mask
        let group = output * blocks + groups[input]
        matrix[input * outputs + output] = (Float(number) - zeros[group]) * scales[group]
      }
    }
    let bias = node.input(5)
    let product = add(
      "MatMul", [x, stored(Tensor([inputs, outputs], matrix))], to: bias == nil ? output : nil)
    if let bias { _ = add("Add", [product, bias], to: output) }
    return true
  }

  /// A constant's numbers where each is a byte; nil otherwise.
  private func bytes(_ constant: Constant) -> [Float]? {
    let numbers = constant.tensor.scalars
    return constant.isInteger && numbers.allSatisfy { $0 >= -128 && $0 <= 255 } ? numbers : nil
  }

  /// A zero point a block: packed like the matrix, in numbers of their own, or half of what the bits hold.
  private func zeroPoints(_ bits: Int, outputs: Int, blocks: Int) -> [Float]? {
    guard let name = node.input(3) else {
      return [Float](repeating: Float(1 << (bits - 1)), count: outputs * blocks)
    }
    guard let stored = constants[name] else { return nil }
    guard stored.isInteger else {
      let numbers = stored.tensor.scalars
      return numbers.count == outputs * blocks ? numbers : nil
    }
    let width = (blocks * bits + 7) / 8
    guard let numbers = bytes(stored), numbers.count == outputs * width else { return nil }
    let each = 8 / bits
    return (0..<outputs * blocks).map { index in
      let (output, place) = (index / blocks, index % blocks)
      let byte = Int(numbers[output * width + place / each])
      return Float(byte >> (place % each * bits) & (1 << bits - 1))
    }
  }

  /// The block whose scale each of the matrix's rows has: its own, or the one that is said.
  private func groups(_ inputs: Int, block: Int, blocks: Int) -> [Int]? {
    guard let name = node.input(4) else { return (0..<inputs).map { $0 / block } }
    guard let groups = constants[name]?.integers, groups.count >= inputs,
      groups.prefix(inputs).allSatisfy((0..<blocks).contains)
    else { return nil }
    return groups
  }

  /// A maximum pool over maps whose channels come last.
  mutating func channelsLastPool() -> Bool {
    guard let x = node.input(0), let axes = node.ints("kernel_shape")?.count, axes > 0,
      node.outputs.dropFirst().allSatisfy(\.isEmpty)
    else { return false }
    let places = Array(1...axes)
    let turned = add("Transpose", [x], to: nil, ["perm": .ints([0, axes + 1] + places)])
    let kept: Set = ["auto_pad", "ceil_mode", "dilations", "kernel_shape", "pads", "strides"]
    let pooled = add("MaxPool", [turned], to: nil, node.attributes.filter { kept.contains($0.key) })
    _ = add(
      "Transpose", [pooled], to: output, ["perm": .ints([0] + places.map { $0 + 1 } + [1])])
    return true
  }
}
