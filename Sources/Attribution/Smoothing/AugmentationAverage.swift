public import Tensors

/// A change of pictures that leaves what they show, and how maps are changed back.
public struct Augmentation: Sendable {
  /// What it is called.
  public var name: String
  /// From pictures, N×C×H×W, to such of the same shape.
  public var change: @Sendable (Tensor) -> Tensor
  /// From a map of the changed pictures, N×C×h×w, to one of the pictures.
  public var restore: @Sendable (Tensor) -> Tensor

  /// Creates an augmentation.
  ///
  /// - Parameters:
  ///   - name: What it is called.
  ///   - change: From pictures to such of the same shape.
  ///   - restore: From a map of the changed pictures to one of the pictures, at any resolution.
  public init(
    _ name: String, change: @escaping @Sendable (Tensor) -> Tensor,
    restore: @escaping @Sendable (Tensor) -> Tensor = { $0 }
  ) {
    (self.name, self.change, self.restore) = (name, change, restore)
  }

  /// Left and right changed over.
  public static let mirror = Augmentation(
    "mirror", change: { $0.mirrored() }, restore: { $0.mirrored() })

  /// Every pixel times a number; maps stay.
  public static func brightness(_ factor: Float) -> Augmentation {
    Augmentation("brightness \(factor)", change: { $0 * factor })
  }

  /// This change and then another.
  public func then(_ other: Augmentation) -> Augmentation {
    Augmentation(
      "\(name), \(other.name)", change: { other.change(change($0)) },
      restore: { restore(other.restore($0)) })
  }
}

/// A method averaged over changed pictures.
///
/// Source: pytorch-grad-cam's `aug_smooth`, whose changes are the default; it averages maps that it has
/// normalized, this the maps as they are.
public struct AugmentationAverage: AttributionMethod {
  /// The method that is averaged.
  public var method: any AttributionMethod
  /// The changes; the picture as it is comes in where one of them leaves it.
  public var augmentations: [Augmentation]

  /// Creates the method.
  ///
  /// - Parameters:
  ///   - method: The method that is averaged.
  ///   - augmentations: The changes, at least one.
  public init(
    of method: any AttributionMethod, over augmentations: [Augmentation] = Self.usual
  ) {
    precondition(!augmentations.isEmpty, "AugmentationAverage: no augmentations")
    self.method = method
    self.augmentations = augmentations
  }

  /// Three brightnesses, each as it is and mirrored.
  public static let usual: [Augmentation] = [0.9, 1, 1.1].flatMap { (factor: Float) in
    [.brightness(factor), .brightness(factor).then(.mirror)]
  }

  /// Explains pictures.
  ///
  /// - Parameters:
  ///   - pictures: N×C×H×W.
  ///   - explained: What is explained.
  ///   - progress: Called with the fraction done, 0…1.
  /// - Returns: What the averaged method returns.
  /// - Throws: What the averaged method throws.
  public func attribute(
    _ pictures: Tensor, of explained: Explained, progress: (Double) -> Void
  ) throws -> Tensor {
    let count = augmentations.count
    var sum: Tensor?
    for (index, augmentation) in augmentations.enumerated() {
      try Task.checkCancellation()
      let map = try method.attribute(augmentation.change(pictures), of: explained) {
        progress((Double(index) + $0) / Double(count))
      }
      let restored = augmentation.restore(map)
      sum = sum.map { $0 + restored } ?? restored
      progress(Double(index + 1) / Double(count))
    }
    return (sum ?? Tensor(pictures.shape)) / Float(count)
  }
}

extension Tensor {
  /// The columns in the opposite order.
  fileprivate func mirrored() -> Tensor {
    gathered((0..<shape[-1]).reversed(), alongAxis: shape.rank - 1)
  }
}
