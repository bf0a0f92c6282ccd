package import CKernels
import Contracts
import Memory

/// Where the feature maps of a batch lie: channel blocks of 16 with a ring of zeros round every plane, or,
/// for a picture, all channels of a pixel side by side.
///
/// A map may be a view of some blocks of another (a part of a concatenation); extents are fixed when it is
/// made, the ring grows while the plan is laid out, memory comes last.
package final class FeatureMap {
  package let batch: Int
  package let channels: Int
  package let height: Int
  package let width: Int

  /// Floats a pixel: 16, 8 of them with two channels each, or the channels of a picture.
  package let lanes: Int
  /// Channels in the place of a float: 2 in bfloat16.
  package let channelsPerLane: Int

  /// The map that owns a view's memory, and the block of it that the view begins with; views of views have it at hand.
  private let owner: (map: FeatureMap, block: Int)?
  private var ownRing = 0
  private var placement: Placement?

  /// Where a map lies, and its strides in floats, which are final then.
  private struct Placement {
    let start: UnsafeMutablePointer<Float>
    let ring, pixel, row, block, image: Int
  }

  package init(
    batch: Int, channels: Int, height: Int, width: Int, lanes: Int = Int(KERNEL_BLOCK),
    channelsPerLane: Int = 1
  ) {
    self.batch = batch
    self.channels = channels
    self.height = height
    self.width = width
    self.lanes = lanes
    self.channelsPerLane = channelsPerLane
    owner = nil
  }

  /// A view of the blocks of `parent` that begin with one of its channels.
  package init(of parent: FeatureMap, firstChannel: Int, channels: Int) {
    precondition(
      firstChannel.isMultiple(of: parent.blockChannels), "view from channel \(firstChannel)")
    batch = parent.batch
    self.channels = channels
    height = parent.height
    width = parent.width
    lanes = parent.lanes
    channelsPerLane = parent.channelsPerLane
    owner = (parent.root, parent.firstBlock + firstChannel / parent.blockChannels)
  }

  /// The map that owns the memory.
  package var root: FeatureMap { owner?.map ?? self }

  /// The block of the root's that the map begins with.
  private var firstBlock: Int { owner?.block ?? 0 }

  /// Whether the map lies where the channels of `whole` from one of them on do.
  package func lies(in whole: FeatureMap, from channel: Int) -> Bool {
    root === whole.root && channel.isMultiple(of: blockChannels)
      && firstBlock == whole.firstBlock + channel / blockChannels
  }

  /// Pixels of zeros on each side of a plane.
  package var ring: Int { root.ownRing }

  /// Makes room for readers that reach `pixels` beyond the borders.
  package func widenRing(to pixels: Int) {
    root.ownRing = max(root.ownRing, pixels)
  }

  /// Whether a plane is one pixel.
  package var isPixel: Bool { height * width == 1 }

  package var blocks: Int { (channels + blockChannels - 1) / blockChannels }
  /// Channels a block.
  package var blockChannels: Int { lanes * channelsPerLane }
  package var rowStride: Int { (width + 2 * ring) * lanes }
  package var blockStride: Int { (height + 2 * ring) * rowStride }
  package var imageStride: Int {
    let root = root
    return root.blocks * root.blockStride
  }

  /// Floats of memory that the map needs if it is no view; `Int.max` where no number is large enough.
  package var count: Int {
    MemoryLimit.product([batch, blocks, height + 2 * ring, width + 2 * ring, lanes])
  }

  /// Gives the map its memory: `count` floats.
  package func place(at memory: UnsafeMutablePointer<Float>) {
    placement = Placement(
      start: memory, ring: ring, pixel: lanes, row: rowStride, block: blockStride,
      image: imageStride)
  }

  private var placed: Placement {
    guard let placement = owner == nil ? placement : root.placement else {
      preconditionFailure("FeatureMap: read before it was placed")
    }
    return placement
  }

  /// The map of one image from one block on; `data` names its pixel (0, 0).
  package func kernelMap(image: Int, block: Int = 0) -> kernel_map {
    let placed = placed
    let first = image * placed.image + (firstBlock + block) * placed.block
    return kernel_map(
      data: placed.start + (first + placed.ring * (placed.row + placed.pixel)),
      block: placed.block, row: placed.row, pixel: placed.pixel)
  }

  /// Zeros all pixels and the ring.
  package func clear() {
    let placed = placed
    for image in 0..<batch {
      (placed.start + (image * placed.image + firstBlock * placed.block))
        .update(repeating: 0, count: blocks * placed.block)
    }
  }

  /// Zeros the ring of one image's blocks.
  package func zeroRing(image: Int) {
    if ring > 0 {
      kernel_zero_ring(
        kernelMap(image: image), Int32(ring), Int32(blocks), Int32(height), Int32(width))
    }
  }
}

extension kernel_map {
  /// No map: what an epilogue that goes without has in its place.
  package static var none: kernel_map { kernel_map(data: nil, block: 0, row: 0, pixel: 0) }

  /// Every `stride`-th pixel from (y, x) on.
  package func phase(y: Int, x: Int, strideY: Int, strideX: Int) -> kernel_map {
    kernel_map(
      data: data.map { $0 + y * row + x * pixel }, block: block, row: row * strideY,
      pixel: pixel * strideX)
  }
}
