import Contracts

/// A dense array of `Float` with a shape: a value, copied on write, aligned to 64 bytes.
public struct Tensor: Sendable {
  /// The extents, outermost axis first; NCHW for pictures and feature maps.
  public var shape: Shape { extents }

  // `@usableFromInline` lets loops over a tensor's memory be inlined into other modules.
  @usableFromInline var extents: Shape

  @usableFromInline var storage: Storage

  /// Creates a tensor whose every scalar is `value`.
  public init(_ shape: Shape, repeating value: Float = 0) {
    self.init(shape) { $0.initialize(repeating: value) }
  }

  /// Creates a tensor from its scalars in row-major order.
  ///
  /// - Precondition: `scalars.count == shape.count`.
  public init(_ shape: Shape, _ scalars: some Collection<Float>) {
    precondition(
      scalars.count == shape.count, "Tensor: \(scalars.count) scalars for shape \(shape)")
    self.init(shape) { buffer in
      _ = buffer.initialize(from: scalars)
    }
  }

  /// Creates a scalar: a tensor of rank 0.
  public init(_ scalar: Float) {
    self.init([], repeating: scalar)
  }

  /// Creates a tensor whose memory the closure fills, every scalar of it.
  @inlinable
  public init(
    _ shape: Shape, initializingWith body: (UnsafeMutableBufferPointer<Float>) throws -> Void
  ) rethrows {
    extents = shape
    storage = Storage(count: shape.count)
    try body(UnsafeMutableBufferPointer(start: storage.pointer, count: shape.count))
  }

  /// Creates a tensor whose scalars have no value yet.
  ///
  /// For loops that take a closure for every element: written on pointers, and not within the closure of
  /// `init(_:initializingWith:)`, they can be specialized for that closure and vectorized.
  @inlinable
  package init(uninitialized shape: Shape) {
    extents = shape
    storage = Storage(count: shape.count)
  }

  /// The first scalar; valid while the tensor lives, to be written by its maker only.
  @inlinable package var start: UnsafeMutablePointer<Float> { storage.pointer }

  /// Whose memory it is; tensors with the same owner have the same scalars while both live.
  package var owner: ObjectIdentifier { ObjectIdentifier(storage) }

  /// The number of scalars.
  @inlinable public var count: Int { storage.count }

  /// The scalars in row-major order, copied.
  public var scalars: [Float] {
    withUnsafeBufferPointer(Array.init)
  }

  /// The only scalar.
  ///
  /// - Precondition: `count == 1`.
  public var scalar: Float {
    precondition(count == 1, "scalar: the tensor has shape \(shape)")
    return withUnsafeBufferPointer { $0[0] }
  }

  /// The scalar at a full index; for single look-ups, not for loops.
  public subscript(index: Int...) -> Float {
    get { withUnsafeBufferPointer { $0[offset(of: index)] } }
    set {
      let offset = offset(of: index)
      withUnsafeMutableBufferPointer { $0[offset] = newValue }
    }
  }

  private func offset(of index: [Int]) -> Int {
    precondition(index.count == shape.rank, "Tensor: index \(index) into shape \(shape)")
    var offset = 0
    for (i, extent) in zip(index, shape.dimensions) {
      precondition(i >= 0 && i < extent, "Tensor: index \(index) into shape \(shape)")
      offset = offset * extent + i
    }
    return offset
  }

  /// The same scalars under another shape; nothing is copied.
  ///
  /// - Precondition: `shape.count == self.count`.
  public func reshaped(_ shape: Shape) -> Tensor {
    precondition(shape.count == count, "reshaped: \(self.shape) cannot become \(shape)")
    var result = self
    result.extents = shape
    return result
  }

  /// Calls a closure with the scalars in row-major order.
  @inlinable
  public func withUnsafeBufferPointer<R>(
    _ body: (UnsafeBufferPointer<Float>) throws -> R
  ) rethrows -> R {
    try withExtendedLifetime(storage) {
      try body(UnsafeBufferPointer(start: storage.pointer, count: count))
    }
  }

  /// Calls a closure with the scalars in row-major order, to change them in place.
  @inlinable
  public mutating func withUnsafeMutableBufferPointer<R>(
    _ body: (UnsafeMutableBufferPointer<Float>) throws -> R
  ) rethrows -> R {
    if !isKnownUniquelyReferenced(&storage) {
      let copy = Storage(count: count)
      copy.pointer.update(from: storage.pointer, count: count)
      storage = copy
    }
    return try withExtendedLifetime(storage) {
      try body(UnsafeMutableBufferPointer(start: storage.pointer, count: count))
    }
  }
}

extension Tensor: Equatable {
  /// Whether shapes and all scalars are equal.
  public static func == (a: Tensor, b: Tensor) -> Bool {
    a.shape == b.shape
      && a.withUnsafeBufferPointer { a in b.withUnsafeBufferPointer { b in a.elementsEqual(b) } }
  }
}
