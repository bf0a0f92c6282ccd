import Explanations
import Files
import Foundation
public import Galleries
import Imaging
import Memory
import Networks
import Portraits
import Synchronization
import Tensors
import Visualization

/// What a folder of pictures does to every channel of a network; found out once, and kept.
public final class NaturalPictures: Sendable {
  /// The files.
  public let files: [String]
  /// The network as pictures are shown to it.
  private let explainer: Explainer
  private let state = Mutex<[String: ChannelPeaks]>([:])
  /// How far looking has come.
  private enum Reached {
    case share(Double)
    case end
    case failure(any Error)
  }

  private let reached = Mutex(Reached.share(0))
  /// Whoever has it looks; the next finds what the first has kept.
  let turn: NSLock

  /// The most pictures that are looked at.
  public static let most = 2000
  /// The most memory that the maps of layers looked at together may take.
  private static let mostBytes = 256 << 20

  /// Finds the pictures; nothing is computed yet.
  ///
  /// - Parameters:
  ///   - folder: A folder of PNG and JPEG files, or one file.
  ///   - explainer: The network as pictures are shown to it.
  ///   - turn: Held while pictures are looked at: by one of all that share it at a time.
  /// - Throws: `NoPicturesError` for a folder without any.
  init(in folder: String, for explainer: Explainer, turn: NSLock = NSLock()) throws {
    files = Array(try photographs(at: [folder]).prefix(Self.most))
    (self.explainer, self.turn) = (explainer, turn)
  }

  /// Whether the pictures have been looked at.
  var isLookedAt: Bool {
    reached.withLock { if case .end = $0 { true } else { false } }
  }

  /// Why the pictures cannot be looked at; nil: they can, as far as is known.
  var failure: (any Error)? {
    reached.withLock { if case .failure(let error) = $0 { error } else { nil } }
  }

  /// The share that has been looked at.
  private var share: Double {
    reached.withLock { if case .share(let share) = $0 { share } else { 1 } }
  }

  /// The channels' peaks; nil: the layer is not known, or the pictures have not been looked at.
  func peaks(of layer: String) -> ChannelPeaks? { state.withLock { $0[layer] } }

  /// What the network is shown of a picture.
  func shown(_ index: Int) throws -> Picture {
    let picture = try Picture(contentsOf: files[index])
    return explainer.framing(of: picture).framed(picture)
  }

  /// What the network is shown of a picture, as a file of at most 224 pixels a side.
  func thumbnail(_ index: Int, keeping cache: PictureCache) throws -> [UInt8] {
    let name = PictureCache.name(
      of: "thumbnail \(explainer.size) \(SHA256.hexadecimal(Data(try readFile(at: files[index]))))")
    if let bytes = try cache.bytes(name) { return bytes }
    let picture = try shown(index)
    let isLarge = max(picture.width, picture.height) > Self.side
    let bytes = try (isLarge ? picture.fitted(width: Self.side, height: Self.side) : picture).png()
    try cache.keep(bytes, as: name)
    return bytes
  }

  private static let side = 224

  /// Looks at all pictures, once: whoever comes meanwhile waits, and what is wrong with them is said again.
  ///
  /// - Parameters:
  ///   - layers: The layers.
  ///   - cache: Where what is found is kept, and looked for.
  ///   - progress: Called with the share done.
  /// - Throws: `ImagingError` for a picture that cannot be read, `NetworkError`, and what `progress` throws.
  public func look(
    at layers: [MicroscopeLayer], keeping cache: PictureCache,
    progress: (Double) throws -> Void = { _ in }
  ) throws {
    while !turn.lock(before: Date(timeIntervalSinceNow: 0.1)) {
      try progress(share)
    }
    defer { turn.unlock() }
    if isLookedAt { return }
    if let failure { throw failure }
    // Who listens no more says nothing of the pictures.
    var isInterrupted = false
    do {
      try lookAtAll(layers, cache) { share in
        reached.withLock { $0 = .share(share) }
        do {
          try progress(share)
        } catch {
          isInterrupted = true
          throw error
        }
      }
    } catch {
      if !isInterrupted { reached.withLock { $0 = .failure(error) } }
      throw error
    }
    reached.withLock { $0 = .end }
  }

  private func lookAtAll(
    _ layers: [MicroscopeLayer], _ cache: PictureCache, progress: (Double) throws -> Void
  ) throws {
    let numbers = layers.map { MemoryLimit.product([$0.channels, files.count, 12]) }
    try MemoryLimit.check(
      bytes: numbers.reduce(0) { MemoryLimit.sum($0, $1) },
      of: "what \(files.count) pictures excite")
    let groups = groups(layers)
    let key = try key(layers)
    var done = 0
    for (number, group) in groups.enumerated() {
      let name = PictureCache.name(of: "\(key) \(number)")
      let table: PeakTable
      if let bytes = try cache.bytes(name, "peaks"),
        let kept = PeakTable(bytes, layers: group, pictures: files.count)
      {
        table = kept
      } else {
        var made = PeakTable(layers: group, pictures: files.count)
        let plan = try plan(group)
        for index in files.indices {
          let picture = try shown(index)
          made.add(
            try plan(explainer.network.input(picture, size: explainer.size)), picture: index)
          try progress(
            (Double(done) + Double(index + 1) / Double(files.count)) / Double(groups.count))
        }
        try cache.keep(made.bytes, as: name, "peaks")
        table = made
      }
      done += 1
      try progress(Double(done) / Double(groups.count))
      let peaks = table.peaks
      state.withLock { $0.merge(peaks) { $1 } }
    }
  }

  private func plan(_ layers: [MicroscopeLayer]) throws -> (Tensor) throws -> [Tensor] {
    let shape = explainer.network.inputShape(size: explainer.size)
    let plan = try explainer.network.plan(
      inputShape: shape, readings: layers.map { Reading($0.name, as: .grid) },
      feed: explainer.feed, differentiable: false, threads: explainer.threads)
    return { try plan.forward($0) }
  }

  /// Layers that are looked at together: one run of the network serves them all.
  private func groups(_ layers: [MicroscopeLayer]) -> [[MicroscopeLayer]] {
    var groups: [[MicroscopeLayer]] = []
    var bytes = Int.max
    for layer in layers {
      let value = try? explainer.network.value(ofLayer: layer.name)
      let own = 8 * (value.flatMap { explainer.shapes[$0]?.count } ?? 0)
      if bytes > Self.mostBytes - own {
        groups.append([])
        bytes = 0
      }
      groups[groups.count - 1].append(layer)
      bytes += own
    }
    return groups
  }

  /// Everything that the peaks depend on.
  func key(_ layers: [MicroscopeLayer]) throws -> String {
    let contents = try files.map { file in
      SHA256.hexadecimal(Data(try readFile(at: file)))
    }
    return
      (["peaks"] + explainer.network.identity + ["\(explainer.size)"] + layers.map(\.name)
      + contents)
      .joined(separator: "\n")
  }
}
