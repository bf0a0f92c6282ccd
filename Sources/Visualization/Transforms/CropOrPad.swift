public import Autodiff
import Tensors

/// The middle of pictures, or pictures in the middle of a frame.
public struct CropOrPad: GeometricTransform {
  /// The size of the result.
  public var size: PictureSize

  /// What the frame is filled with.
  public var value: Float

  /// Creates the transform.
  public init(height: Int, width: Int, value: Float = 0.5) {
    size = PictureSize(height: height, width: width)
    self.value = value
  }

  /// Crops or frames pictures, along each axis on its own.
  public func callAsFunction(
    _ image: Variable, using random: inout some RandomNumberGenerator
  ) -> Variable {
    image.croppedOrPadded(to: size, with: value)
  }

  /// The size of the result and the shift.
  public func placement(
    of size: PictureSize, using random: inout some RandomNumberGenerator
  ) -> Placement {
    Placement(
      size: self.size,
      map: .translation(
        x: Double(Self.offset(size.width, self.size.width)),
        y: Double(Self.offset(size.height, self.size.height))))
  }

  /// Where the result starts in the picture; negative if the picture is framed.
  static func offset(_ extent: Int, _ target: Int) -> Int {
    extent >= target ? (extent - target) / 2 : -((target - extent) / 2)
  }
}

extension Variable {
  func croppedOrPadded(to size: PictureSize, with value: Float) -> Variable {
    if shape[2] == size.height && shape[3] == size.width { return self }
    let offsets = [
      CropOrPad.offset(shape[2], size.height), CropOrPad.offset(shape[3], size.width),
    ]
    let targets = [size.height, size.width]
    let ranges = (0..<2).map { i in
      max(offsets[i], 0)..<max(offsets[i], 0) + min(shape[2 + i], targets[i])
    }
    let before = offsets.map { max(-$0, 0) }
    let after = (0..<2).map { targets[$0] - ranges[$0].count - before[$0] }
    return sliced([0..<shape[0], 0..<shape[1]] + ranges)
      .padded(before: [0, 0] + before, after: [0, 0] + after, with: value)
  }
}
