import Blocks
import CKernels
import Tensors

// Where gradients gather, and which store does what to them.
extension Compiler {
  /// Where the gradient of a value gathers.
  func gradientMap(_ value: Value) -> FeatureMap {
    if let map = gradients[value] { return map }
    guard let map = maps[value] else { preconditionFailure("gradientMap: value \(value)") }
    let gradient = FeatureMap(
      batch: map.batch, channels: map.channels, height: map.height, width: map.width)
    gradients[value] = gradient
    return gradient
  }

  /// Whether the gradient of a value can lie in another's place: nothing else joins it, nothing is
  /// to be done to it.
  private func canShareGradient(_ value: Value) -> Bool {
    expected[value] == 1 && passesUnchanged(value) && !observed.contains(value)
      && !results.contains(value) && gradients[value] == nil && value != 0
  }

  /// Whether a value was stored with neither a clamp nor an activation.
  private func passesUnchanged(_ value: Value) -> Bool {
    clamps[value] == nil && slopes[value] == nil
  }

  /// How the last part of a gradient passes the clamp or the activation that its value was stored with.
  private func finish(_ store: inout Store, of value: Value) {
    store.factor = slopes[value]
    guard let clamp = clamps[value], let map = maps[value] else { return }
    let way = clamp.isRectifier ? rule.rectification : .derivative
    if way.isMasked { store.mask = (map, clamp) }
    if way.isPositive { store.clamp = .relu }
  }

  private func isFinished(_ value: Value) -> Bool { done[value] == expected[value] }

  /// Adds a part of a value's gradient by a kernel that ends in a store.
  func contribute(
    to value: Value, _ name: String, uses: [FeatureMap], by convolution: Convolution? = nil,
    over output: FeatureMap? = nil, _ build: @escaping (Store) -> (ThreadPool) -> Void
  ) {
    let map = gradientMap(value)
    var store = Store(map)
    store.accumulate = written.contains(value)
    store.addend = pending.removeValue(forKey: value)
    done[value, default: 0] += 1
    let fused = isFinished(value) && !observed.contains(value) && !rule.rectification.isRedirected
    if fused { finish(&store, of: value) }
    let fresh = written.insert(value).inserted
    emit(forward: false, name, uses: uses + store.uses, by: convolution, over: output) {
      let run = build(store)
      return { pool in
        if fresh { for image in 0..<map.batch { map.zeroRing(image: image) } }
        run(pool)
      }
    }
    if isFinished(value), !fused { completeApart(value) }
  }

  /// Adds a part of a value's gradient by something that knows no stores.
  func contributeRaw(
    to value: Value, _ name: String, uses: [FeatureMap],
    _ build: @escaping (_ map: FeatureMap, _ adding: Bool) -> (ThreadPool) -> Void
  ) {
    contributeRaw(to: [value], name, uses: uses) { build($0[0].map, $0[0].adding) }
  }

  /// Where a part of a gradient goes, and whether it is added to what is there.
  typealias RawTarget = (map: FeatureMap, adding: Bool)

  /// Adds parts of several values' gradients at once.
  func contributeRaw(
    to values: [Value], _ name: String, uses: [FeatureMap], multiplyAdds: Int = 0,
    _ build: @escaping ([RawTarget]) -> (ThreadPool) -> Void
  ) {
    let targets = values.map { value -> RawTarget in
      let map = gradientMap(value)
      if let addend = pending.removeValue(forKey: value) {
        done[value, default: 0] -= 1
        copyGradient(addend, to: value)
      }
      done[value, default: 0] += 1
      return (map, !written.insert(value).inserted)
    }
    emit(forward: false, name, uses: uses + targets.map(\.map), multiplyAdds: multiplyAdds) {
      let run = build(targets)
      return { pool in
        for (map, adding) in targets where !adding {
          for image in 0..<map.batch { map.zeroRing(image: image) }
        }
        run(pool)
      }
    }
    for value in values where isFinished(value) { completeApart(value) }
  }

  /// Shows a complete gradient to whom it may concern, and passes it through its value's clamp or activation.
  private func completeApart(_ value: Value) {
    let map = gradientMap(value)
    if let slot = observations[value] {
      let shape: Shape = [map.batch, map.channels, map.height, map.width]
      let rows = rowShapes[value]
      emit(forward: false, "observe", uses: [map]) {
        { pool in
          let gradient =
            rows.map { map.rows($0, pool: pool) } ?? map.tensor(shape, pool: pool)
          if let receiver = slot.receiver {
            try receiver(gradient)
          } else {
            slot.gradient = gradient
          }
        }
      }
    }
    if rule.rectification.isRedirected, let clamp = clamps[value], clamp.isRectifier,
      let activation = maps[value]
    {
      // The program is let go before the stage is built.
      let (always, pictures) = (shown.contains(value), program.pictures[value] ?? 1)
      emit(forward: false, "redirect", uses: [map, activation]) {
        { _ in
          map.redirect(
            where: activation, isOutside: clamp, always: always, pictures: pictures)
        }
      }
      return
    }
    var store = Store(map)
    finish(&store, of: value)
    if store.clamp != nil || store.mask != nil || store.factor != nil {
      emit(forward: false, "mask", uses: store.uses) { Self.copy(map, to: store) }
    }
  }

  /// Passes a gradient on, as it is, to a value whose gradient it is a part of.
  func passOn(_ gradient: FeatureMap, to value: Value) {
    if canShareGradient(value) {
      gradients[value] = gradient
      lent.insert(ObjectIdentifier(gradient.root))
      done[value] = 1
      written.insert(value)
    } else if pending[value] == nil, (done[value] ?? 0) + 1 < (expected[value] ?? 0) {
      pending[value] = gradient
      lent.insert(ObjectIdentifier(gradient.root))
      done[value, default: 0] += 1
    } else {
      copyGradient(gradient, to: value)
    }
  }

  private func copyGradient(_ gradient: FeatureMap, to value: Value) {
    contribute(to: value, "add", uses: [gradient]) { Self.copy(gradient, to: $0) }
  }

  /// Makes the gradient of a part of a concatenation a view of the whole's, which is complete; what other readers
  /// of the part send back is added there.
  ///
  /// - Returns: Whether it can be.
  func shareGradient(of part: Value, with whole: FeatureMap, firstChannel: Int) -> Bool {
    guard let map = maps[part], !observed.contains(part), !results.contains(part),
      gradients[part] == nil, pending[part] == nil, part != 0,
      // What is added and masked in place, nobody else may read.
      expected[part] == 1 && passesUnchanged(part)
        || !lent.contains(ObjectIdentifier(whole.root)),
      firstChannel.isMultiple(of: 16),
      map.channels.isMultiple(of: 16) || firstChannel + map.channels == whole.channels
    else { return false }
    gradients[part] = FeatureMap(of: whole, firstChannel: firstChannel, channels: map.channels)
    done[part, default: 0] += 1
    written.insert(part)
    if isFinished(part) { completeApart(part) }
    return true
  }

  /// A stage that stores one map in another.
  static func copy(_ source: FeatureMap, to store: Store) -> (ThreadPool) -> Void {
    { pool in
      source.forEachBlock(pool) { image, block in
        var epilogue = store.epilogue { $0.kernelMap(image: image, block: block) }
        kernel_copy(
          source.kernelMap(image: image, block: block),
          store.map.kernelMap(image: image, block: block), &epilogue, 1, Int32(source.height),
          Int32(source.width))
      }
    }
  }
}
