public import Autodiff
import Tensors

/// A random part of pictures at a fixed size: what the network looks at of a picture that may be larger.
///
/// The part is a square (or as long and high as the result) of a random size and in a random place, which may
/// reach over the edge by a share of its size. Reduced parts are averaged, so that no pixel goes unseen.
public struct RandomCrop: Transform {
  /// The smallest and the largest part, as shares of the picture.
  public var shares: ClosedRange<Double>

  /// How far a part may reach over the edge, as a share of its size.
  public var overhang: Double

  /// The size of the result; nil: that of the picture.
  public var size: PictureSize?

  /// Creates the transform.
  public init(_ shares: ClosedRange<Double>, overhang: Double = 0, size: PictureSize? = nil) {
    (self.shares, self.overhang, self.size) = (shares, overhang, size)
  }

  /// Takes a part of pictures.
  public func callAsFunction(
    _ image: Variable, using random: inout some RandomNumberGenerator
  ) -> Variable {
    let whole = PictureSize(of: image)
    let size = size ?? whole
    let share = Double.random(in: shares, using: &random)
    let (height, width) = (share * Double(whole.height), share * Double(whole.width))
    let y = place(Double(whole.height), height, using: &random)
    let x = place(Double(whole.width), width, using: &random)
    if height < Self.reduction * Double(size.height), width < Self.reduction * Double(size.width) {
      let (a, e) = (width / Double(size.width), height / Double(size.height))
      let map = AffineMap(a: a, b: 0, c: x + a / 2 - 0.5, d: 0, e: e, f: y + e / 2 - 0.5)
      return image.resampled(
        map, height: size.height, width: size.width, surroundings: .constant(0.5))
    }
    // Around the picture it is grey: an edge that is repeated would pull at its one row of pixels.
    return (image - 0.5).averaged(
      rows: y..<y + height, columns: x..<x + width, to: size, repeatsEdge: false) + 0.5
  }

  private func place(
    _ whole: Double, _ part: Double, using random: inout some RandomNumberGenerator
  ) -> Double {
    let over = overhang * part
    return Double.random(in: -over...max(whole - part, 0) + over, using: &random)
  }

  /// Up to which reduction windows between four pixels miss little.
  private static let reduction = 1.25
}

extension Variable {
  /// Pictures at another size, averaged where they are reduced.
  func fitted(to size: PictureSize) -> Variable {
    guard shape[2] > size.height || shape[3] > size.width else {
      return resized(height: size.height, width: size.width)
    }
    return averaged(
      rows: 0..<Double(shape[2]), columns: 0..<Double(shape[3]), to: size)
  }

  /// A part of pictures at another size, averaged where it is reduced; beyond the edge it is repeated, or 0.
  func averaged(
    rows: Range<Double>, columns: Range<Double>, to size: PictureSize, repeatsEdge: Bool = true
  ) -> Variable {
    func matrix(_ extent: Int, _ part: Range<Double>, _ target: Int) -> Tensor {
      Interpolation.antialiased.matrix(
        from: extent, part: part, to: target, repeatsEdge: repeatsEdge)
    }
    let (rows, columns) = (
      matrix(shape[2], rows, size.height), matrix(shape[3], columns, size.width)
    )
    return matmul(matmul(Variable(rows), self), Variable(columns.transposedMatrices()))
  }
}
