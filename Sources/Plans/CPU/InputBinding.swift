import Blocks
import CKernels
import Graphs
package import Tensors

/// How the channels of what is fed in become the channels that the network reads: channel i of these is
/// `scale[i] · fed[order[i]] + shift[i]`.
package struct ChannelMap: Equatable {
  package var order: [Int]
  package var scale: [Float]
  package var shift: [Float]

  /// Nothing changes.
  package init(channels: Int) {
    order = Array(0..<channels)
    scale = [Float](repeating: 1, count: channels)
    shift = [Float](repeating: 0, count: channels)
  }

  var isIdentity: Bool { self == ChannelMap(channels: order.count) }

  /// The same followed by `scale · x + shift`.
  mutating func append(scale: [Float], shift: [Float]) {
    for i in order.indices {
      self.scale[i] *= scale[i]
      self.shift[i] = self.shift[i] * scale[i] + shift[i]
    }
  }
}

/// The way in: from planar N×C×H×W scalars to the maps that the first instructions read, and the
/// gradient's way out.
package final class InputBinding {
  /// Of what is fed.
  let shape: Shape
  /// The part of the pictures that is read, where that is not all.
  private let area: PictureArea?
  /// Of what is read.
  private let read: Shape
  var channels: ChannelMap
  /// The input as a tensor of the program, where some instruction wants it so.
  var tensor = Tensor([0])
  /// The gradient that has come back.
  var gradient = Tensor([0])

  /// Pixels with all channels side by side, for convolutions.
  private var picture: FeatureMap?
  /// Channel blocks, for everything else.
  private var map: FeatureMap?
  private var pictureReaders = Set<Value>()
  /// What came back to the picture, by convolution.
  private var ways: [FeatureMap] = []

  package init(shape: Shape, area: PictureArea? = nil, channels: ChannelMap? = nil) {
    (self.shape, self.area) = (shape, area)
    read = area?.shape(of: shape) ?? shape
    self.channels = channels ?? ChannelMap(channels: shape[checked: 1] ?? 1)
  }

  /// Takes over arithmetic on the raw input, one constant a channel, and decides who reads which map.
  ///
  /// - Parameters:
  ///   - program: The program, from which that arithmetic is taken.
  ///   - kept: The values that somebody reads as they are.
  ///   - isObserved: Whether somebody wants to see the gradient of the input as the network reads it.
  ///   - map: The input in channel blocks.
  func prepare(
    _ program: inout Program, keeping kept: Set<Value>, isObserved: Bool, map: FeatureMap
  ) {
    if !kept.contains(0) { takeOverArithmetic(of: &program, keeping: kept) }
    let readers = program.instructions.filter { $0.reads.contains(0) }
    // All that comes back to an input that is observed gathers in one place.
    let asPicture = isObserved ? [] : readers.filter { $0.readsPicture(map) }
    pictureReaders = Set(asPicture.map(\.output))
    if !asPicture.isEmpty {
      picture = FeatureMap(
        batch: map.batch, channels: map.channels, height: map.height, width: map.width,
        lanes: map.channels)
    }
    // Whoever reads the input itself reads this map.
    if kept.contains(0) || readers.isEmpty || asPicture.count < readers.count { self.map = map }
  }

  private func takeOverArithmetic(of program: inout Program, keeping kept: Set<Value>) {
    let readers = program.readers()
    var taken = Set<Int>()
    var last: Value = 0
    while let next = readers[last], next.count == 1,
      case let instruction = program.instructions[next[0]], !kept.contains(instruction.output),
      case .scaleShift(let scale, let shift) = instruction.operation, instruction.clamp == nil,
      instruction.activation == nil, instruction.inputs == [last]
    {
      channels.append(scale: scale, shift: shift)
      taken.insert(next[0])
      last = instruction.output
    }
    guard !taken.isEmpty else { return }
    program.instructions = program.instructions.enumerated().filter { !taken.contains($0.offset) }
      .map(\.element)
    for i in program.instructions.indices where program.instructions[i].reads.contains(last) {
      program.instructions[i].inputs = program.instructions[i].inputs.map { $0 == last ? 0 : $0 }
      if program.instructions[i].addend == last { program.instructions[i].addend = 0 }
    }
  }

  /// The map that an instruction reads the input from.
  func source(for instruction: Instruction) -> FeatureMap? {
    pictureReaders.contains(instruction.output) ? picture : map
  }

  /// Whether an instruction reads the input as pixels with all channels side by side.
  func isReadAsPicture(by instruction: Instruction) -> Bool {
    pictureReaders.contains(instruction.output)
  }

  /// Keeps the memory of what a forward pass fills before its first stage; a picture's ring is zeroed
  /// once and has to last.
  func reserve(in arena: Arena, until time: Int) {
    if let map { arena.use(map, at: 0) }
    if let picture {
      arena.use(picture, at: 0)
      arena.use(picture, at: time)
    }
  }

  /// Feeds an input of `shape`.
  func feed(_ input: Tensor, pool: ThreadPool) {
    let input = area?.part(of: input) ?? input
    input.withUnsafeBufferPointer { scalars in
      guard let planar = scalars.baseAddress, let picture else { return }
      let plane = picture.height * picture.width
      let order = channels.order.map(Int32.init)
      picture.forEachBand(pool) { image, rows in
        let to = picture.kernelMap(image: image)
        kernel_interleave(
          planar + image * picture.channels * plane + rows.lowerBound * picture.width, plane,
          picture.width, to.data + rows.lowerBound * to.row, to.row, Int32(picture.channels), order,
          channels.scale, channels.shift, Int32(rows.count), Int32(picture.width))
      }
    }
    if map != nil || picture == nil { tensor = adapted(input) }
    map?.read(from: tensor, pool: pool)
    if let map { for image in 0..<map.batch { map.zeroRing(image: image) } }
  }

  private func adapted(_ input: Tensor) -> Tensor {
    guard !channels.isIdentity else { return input }
    let count = channels.order.count
    let plane = input.count / max(1, read[0] * count)
    return Tensor(input.shape) { result in
      input.withUnsafeBufferPointer { input in
        for image in 0..<read[0] {
          for channel in 0..<count {
            let (scale, shift) = (channels.scale[channel], channels.shift[channel])
            let from = (image * count + channels.order[channel]) * plane
            let to = (image * count + channel) * plane
            for i in 0..<plane { result[to + i] = scale * input[from + i] + shift }
          }
        }
      }
    }
  }

  // MARK: The way back

  /// Carries the gradient of a convolution that reads the picture back towards it.
  func contribute(_ convolution: Convolution, from gradient: FeatureMap, _ compiler: Compiler) {
    guard let picture else { return }
    let way = PictureGradient(convolution)
    let map = way.map(of: picture, from: gradient)
    ways.append(map)
    let scratch = compiler.scratch
    compiler.emit(
      forward: false, "conv back \(convolution.title), to the picture", uses: [gradient, map],
      by: convolution, over: gradient
    ) { way.run(from: gradient, to: map, scratch: scratch) }
  }

  /// Gathers what came back into `gradient`, in the order and scale of what was fed.
  func emitBackward(_ compiler: Compiler) {
    let map = compiler.gradients[0]
    let slot = compiler.slots[0]
    compiler.emit(forward: false, "input gradient", uses: ways + [map].compactMap { $0 }) {
      [unowned self] in
      { pool in self.gather(map, slot, pool) }
    }
  }

  private func gather(_ map: FeatureMap?, _ slot: TensorSlot?, _ pool: ThreadPool) {
    var sum: Tensor?
    func add(_ part: Tensor) {
      if sum == nil {
        sum = part
      } else {
        sum? += part
      }
    }
    for way in ways { add(planar(way, pool)) }
    if let map { add(restored(map.tensor(read, pool: pool))) }
    if let gradient = slot?.gradient { add(gradient) }
    gradient = sum.map { area?.whole($0, shape) ?? $0 } ?? Tensor(shape)
  }

  private func planar(_ picture: FeatureMap, _ pool: ThreadPool) -> Tensor {
    let plane = picture.height * picture.width
    let order = channels.order.map(Int32.init)
    return Tensor(read) { scalars in
      guard let planar = scalars.baseAddress else { return }
      picture.forEachBand(pool) { image, rows in
        let from = picture.kernelMap(image: image)
        kernel_deinterleave(
          from.data + rows.lowerBound * from.row,
          from.row, planar + image * picture.channels * plane + rows.lowerBound * picture.width,
          plane, picture.width, Int32(picture.channels), order, channels.scale, Int32(rows.count),
          Int32(picture.width))
      }
    }
  }

  private func restored(_ gradient: Tensor) -> Tensor {
    guard !channels.isIdentity else { return gradient }
    let count = channels.order.count
    let plane = gradient.count / max(1, read[0] * count)
    return Tensor(gradient.shape) { result in
      gradient.withUnsafeBufferPointer { gradient in
        for image in 0..<read[0] {
          for channel in 0..<count {
            let from = (image * count + channel) * plane
            let to = (image * count + channels.order[channel]) * plane
            for i in 0..<plane { result[to + i] = channels.scale[channel] * gradient[from + i] }
          }
        }
      }
    }
  }
}

extension Instruction {
  /// Whether the instruction is a convolution over a picture of so few channels that its pixels are
  /// better kept whole.
  fileprivate func readsPicture(_ map: FeatureMap) -> Bool {
    guard map.channels < 16, inputs == [0], addend != 0,
      case .convolution(let convolution) = operation
    else { return false }
    return convolution.groups == 1 && PictureGradient(convolution).fits(width: map.width)
  }
}
