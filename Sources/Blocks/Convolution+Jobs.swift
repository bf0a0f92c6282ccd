import CKernels
import Tensors

extension Convolution {
  var taps: Int { vertical.size * horizontal.size }

  /// Packs weights as the kernels read them: [output block][input block][tap][16 in][16 out], or
  /// [block][tap][16] for depthwise.
  ///
  /// - Parameters:
  ///   - chosen: Which taps, by their place in the window, row by row.
  ///   - group: Whose weights.
  ///   - back: Whether outputs and inputs change sides, for the way back.
  ///   - lanes: Input channels a block.
  /// - Returns: Zeros where the last blocks have no channels.
  private func direct(taps chosen: [Int], group: Int, back: Bool, lanes: Int) -> FloatBuffer {
    let outputs = outputChannels / groups
    let inputs = weights.shape[1]
    let (to, from) = back ? (inputs, outputs) : (outputs, inputs)
    let (toStride, fromStride) = back ? (taps, inputs * taps) : (inputs * taps, taps)
    let toBlocks = (to + 15) / 16
    let fromBlocks = (from + lanes - 1) / lanes
    let buffer = FloatBuffer(count: toBlocks * fromBlocks * chosen.count * 256)
    let base = group * outputs * inputs * taps
    weights.withUnsafeBufferPointer { weights in
      var target = buffer.pointer
      for toBlock in 0..<toBlocks {
        for fromBlock in 0..<fromBlocks {
          for tap in chosen {
            for i in 0..<min(lanes, from - fromBlock * lanes) {
              let row = base + (fromBlock * lanes + i) * fromStride + tap
              for o in 0..<min(16, to - toBlock * 16) {
                target[i * 16 + o] = weights[row + (toBlock * 16 + o) * toStride]
              }
            }
            target += 256
          }
        }
      }
    }
    return buffer
  }

  private func depthwise(taps chosen: [Int]) -> FloatBuffer {
    let blocks = (groups + 15) / 16
    let buffer = FloatBuffer(count: blocks * chosen.count * 16)
    weights.withUnsafeBufferPointer { weights in
      for channel in 0..<groups {
        for (i, tap) in chosen.enumerated() {
          buffer.pointer[(channel / 16 * chosen.count + i) * 16 + channel % 16] =
            weights[channel * taps + tap]
        }
      }
    }
    return buffer
  }

  /// The weights of a group as its kernel reads them, those of plans that live already where there are any.
  ///
  /// - Parameters:
  ///   - chosen: Which taps, by their place in the window, row by row.
  ///   - group: Whose weights.
  ///   - back: Whether outputs and inputs change sides, for the way back.
  ///   - source: What is read.
  ///   - side: Outputs a side of a tile of Winograd's method; `nil` for the direct one.
  /// - Returns: What holds them, and where they begin.
  private func packed(
    taps chosen: [Int], group: Int, back: Bool, for source: FeatureMap, side: Int?
  ) -> (owner: AnyObject, pointer: UnsafeMutablePointer<Float>) {
    func make() -> FloatBuffer {
      if isDepthwise { return depthwise(taps: chosen) }
      let packed = direct(
        taps: chosen, group: group, back: back, lanes: source.blockChannels)
      if source.channelsPerLane == 2 { return packed.inBfloat16() }
      return transformed(
        packed, side: side, outputs: back ? weights.shape[1] : outputChannels / groups)
    }
    guard sharesWeights else {
      let buffer = make()
      return (buffer, buffer.pointer)
    }
    let key = PackedWeights.Key(
      source: weights.owner, shape: weights.shape, taps: chosen, group: group, groups: groups,
      lanes: source.lanes, channelsPerLane: source.channelsPerLane, back: back, side: side)
    let shared = PackedWeights.packed(key, of: weights, make)
    return (shared, shared.pointer)
  }

  /// The weights as they are, where they may be packed at every use: those of one group, where they are many, of one
  /// tap, or on the way there of a window with a stride.
  private func matrix(back: Bool, lanes: Int, inUse: Bool) -> WeightMatrix? {
    guard inUse, groups == 1, lanes == 16, weights.count >= 1 << 16,
      taps == 1 || !back && (vertical.stride > 1 || horizontal.stride > 1)
    else { return nil }
    return WeightMatrix(weights, back: back)
  }

  /// The bias of each group in whole blocks.
  private func packedBias() -> [FloatBuffer] {
    let each = outputChannels / kernelGroups
    return (0..<kernelGroups).map { group in
      FloatBuffer(Array(bias[group * each..<(group + 1) * each]), paddedTo: (each + 15) / 16 * 16)
    }
  }

  private var kernelGroups: Int { isDepthwise ? 1 : groups }

  private func kernel(reading source: FeatureMap) -> KernelJobs.Kernel {
    if isDepthwise { return { kernel_convolve_depthwise($0, $1, $2, $3, $4) } }
    if source.channelsPerLane == 2 { return { kernel_convolve_bfloat16($0, $1, $2, $3, $4) } }
    return { kernel_convolve($0, $1, $2, $3, $4) }
  }

  /// Whether a batch of vectors can go as one image: each vector a pixel of one row.
  private func isDense(_ maps: FeatureMap...) -> Bool {
    // A window that goes on by more than a pixel, or begins before the first, is none over such a row.
    taps == 1 && [vertical, horizontal].allSatisfy { $0.stride == 1 && $0.padBefore == 0 }
      && maps.allSatisfy { $0.height == 1 && $0.width == 1 && $0.blockChannels == 16 }
  }

  /// Calls that compute the convolution of `source` into `store`, with its bias.
  ///
  /// - Parameters:
  ///   - source: The map to read.
  ///   - store: Where the result goes.
  ///   - scratch: Memory for the kernels.
  ///   - inUse: Whether large matrices are packed at every use instead of now.
  /// - Returns: The calls, shared out over the threads of `scratch`.
  package func jobs(
    from source: FeatureMap, to store: Store, scratch: Scratch, packingInUse inUse: Bool = false
  ) -> KernelJobs {
    let target = store.map
    let dense = isDense(source, target)
    let side =
      source.lanes == 16
      ? winogradSide(height: target.height, width: target.width, back: false) : nil
    let offsets = TapOffsets(
      (0..<taps).map { tap in
        tap / horizontal.size * vertical.dilation * source.rowStride
          + tap % horizontal.size * horizontal.dilation * source.lanes
      })
    let biases = packedBias()
    let matrix = side == nil ? matrix(back: false, lanes: source.lanes, inUse: inUse) : nil
    let packs =
      matrix != nil
      ? []
      : (0..<kernelGroups).map {
        packed(taps: Array(0..<taps), group: $0, back: false, for: source, side: side)
      }
    let inputBlocks = (weights.shape[1] + source.blockChannels - 1) / source.blockChannels
    let outputBlocks = (outputChannels / kernelGroups + 15) / 16
    var jobs: [kernel_convolution] = []
    for image in 0..<(dense ? 1 : target.batch) {
      for group in 0..<kernelGroups {
        let view = { (map: FeatureMap) -> kernel_map in
          Self.view(map, image: image, block: group * outputBlocks, dense: dense)
        }
        var from = Self.view(source, image: image, block: group * inputBlocks, dense: dense)
        from = from.phase(
          y: -vertical.padBefore, x: -horizontal.padBefore, strideY: vertical.stride,
          strideX: horizontal.stride)
        jobs.append(
          kernel_convolution(
            source: from, channels: Int32(weights.shape[1]), taps: offsets.pointer,
            tap_count: Int32(taps), weights: matrix == nil ? packs[group].pointer : nil,
            destination: view(target),
            blocks: Int32(outputBlocks), rows: Int32(dense ? 1 : target.height),
            columns: Int32(dense ? target.batch : target.width),
            epilogue: store.epilogue(bias: biases[group].pointer, view: view)))
      }
    }
    let owned: [AnyObject] = [offsets] + biases + packs.map(\.owner)
    return kernelJobs(
      jobs, from: source, side: side, matrix: matrix, owned: owned, scratch: scratch)
  }

  /// Calls that carry `gradient`, of the convolution's output, back into `store`: a convolution with
  /// flipped, transposed weights for each phase of the strides.
  ///
  /// - Parameters:
  ///   - gradient: The map to read.
  ///   - store: Where the result goes.
  ///   - bias: Added to each channel; for a transposed convolution run forwards.
  ///   - scratch: Memory for the kernels.
  ///   - inUse: Whether large matrices are packed at every use instead of now.
  /// - Returns: The calls, shared out over the threads of `scratch`.
  package func transposedJobs(
    from gradient: FeatureMap, to store: Store, bias: [Float] = [], scratch: Scratch,
    packingInUse inUse: Bool = false
  ) -> KernelJobs {
    let target = store.map
    let side =
      gradient.lanes == 16
      ? winogradSide(height: target.height, width: target.width, back: true) : nil
    let dense = isDense(gradient, target)
    let inputs = isDepthwise ? groups : weights.shape[1]
    let targetBlocks = (inputs + 15) / 16
    let sourceBlocks = (outputChannels / kernelGroups + 15) / 16
    let biases =
      bias.isEmpty
      ? []
      : (0..<kernelGroups).map { group in
        FloatBuffer(Array(bias[group * inputs..<(group + 1) * inputs]), paddedTo: targetBlocks * 16)
      }
    let matrix = side == nil ? matrix(back: true, lanes: gradient.lanes, inUse: inUse) : nil
    var owned: [AnyObject] = biases
    var jobs: [kernel_convolution] = []
    for phase in ConvolutionPhase.all(vertical, horizontal, from: gradient, to: target) {
      let offsets = TapOffsets(dense ? [0] : phase.distances)
      owned.append(offsets)
      let packs =
        matrix != nil
        ? []
        : (0..<kernelGroups).map {
          packed(taps: phase.taps, group: $0, back: true, for: gradient, side: side)
        }
      owned += packs.map(\.owner)
      for image in 0..<(dense ? 1 : target.batch) {
        for group in 0..<kernelGroups {
          let view = { (map: FeatureMap) -> kernel_map in
            let whole = Self.view(map, image: image, block: group * targetBlocks, dense: dense)
            return dense ? whole : phase.view(whole)
          }
          var from = Self.view(gradient, image: image, block: group * sourceBlocks, dense: dense)
          if side != nil { from.data += phase.distances[0] }
          jobs.append(
            kernel_convolution(
              source: from,
              channels: Int32(outputChannels / kernelGroups), taps: offsets.pointer,
              tap_count: Int32(phase.taps.count),
              weights: matrix == nil ? packs[group].pointer : nil,
              destination: view(target), blocks: Int32(targetBlocks),
              rows: Int32(dense ? 1 : phase.rows),
              columns: Int32(dense ? target.batch : phase.columns),
              epilogue: store.epilogue(
                bias: biases.isEmpty ? nil : UnsafePointer(biases[group].pointer), view: view)))
        }
      }
    }
    return kernelJobs(
      jobs, from: gradient, side: side, matrix: matrix, owned: owned, scratch: scratch)
  }

  /// One image of a map, or a batch of vectors as one row.
  private static func view(
    _ map: FeatureMap, image: Int, block: Int, dense: Bool
  ) -> kernel_map {
    var view = map.kernelMap(image: image, block: block)
    if dense { view.pixel = map.imageStride }
    return view
  }

  /// Packed weights for Winograd's method, or as they are for the direct one.
  private func transformed(_ packed: FloatBuffer, side: Int?, outputs: Int) -> FloatBuffer {
    guard let side else { return packed }
    let window = vertical.size
    let points = (side + window - 1) * (side + window - 1)
    let blocks = (outputs + 15) / 16
    let transformed = FloatBuffer(uninitialized: packed.count / taps * points)
    kernel_winograd_weights(
      packed.pointer, Int32(window), Int32(side), Int32(packed.count / (taps * 16 * blocks)),
      Int32(blocks), transformed.pointer)
    return transformed
  }

  private func kernelJobs(
    _ jobs: [kernel_convolution], from source: FeatureMap, side: Int?, matrix: WeightMatrix?,
    owned: [AnyObject], scratch: Scratch
  ) -> KernelJobs {
    if let side { return KernelJobs(winograd: jobs, side: side, owned: owned, scratch: scratch) }
    if let matrix { return KernelJobs(matrix, jobs, owned: owned, scratch: scratch) }
    return KernelJobs(kernel(reading: source), jobs, owned: owned, threads: scratch.threads)
  }
}
