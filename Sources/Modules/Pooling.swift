public import Tensors

/// The pooling of feature maps: the largest or the mean of each window.
///
/// Backwards, the gradient goes to the largest (to the first of equals), or in equal parts to all.
public struct Pooling: Module {
  /// What becomes of a window.
  public enum Kind: Hashable, Sendable {
    /// Its largest number.
    case maximum

    /// Its mean.
    case average
  }

  /// What becomes of a window.
  public let kind: Kind

  /// The height and width of a window, in pixels.
  public let size: Int

  /// How many pixels of the input lie between neighbouring windows.
  public let stride: Int

  private var inputShape: Shape = [0, 0, 0, 0]

  /// The places of each window's inputs that count, and by how much each counts.
  private var (sources, share): ([[Int]], Float) = ([], 1)

  /// Creates the module; the windows do not overlap unless a stride is given.
  public init(_ kind: Kind, size: Int, stride: Int? = nil) {
    (self.kind, self.size, self.stride) = (kind, size, stride ?? size)
    precondition(size >= 1 && self.stride >= 1, "Pooling: size \(size), stride \(self.stride)")
  }

  /// From shape (batch, channels, height, width) to (batch, channels, …, …); what does not fill a window
  /// is left out.
  public mutating func forward(_ inputs: [Tensor], training: Bool) -> Tensor {
    let input = inputs[0]
    inputShape = input.shape
    share = kind == .average ? 1 / Float(size * size) : 1
    let (height, width) = (input.shape[2], input.shape[3])
    let (rows, columns) = ((height - size) / stride + 1, (width - size) / stride + 1)
    let shape: Shape = [input.shape[0], input.shape[1], rows, columns]
    return input.withUnsafeBufferPointer { x in
      sources = (0..<shape.count).map { o in
        let (column, row, map) = (o % columns, o / columns % rows, o / (columns * rows))
        let corner = (map * height + row * stride) * width + column * stride
        let window = (0..<size * size).map { corner + $0 / size * width + $0 % size }
        guard kind == .maximum else { return window }
        return [window.dropFirst().reduce(corner) { x[$1] > x[$0] ? $1 : $0 }]
      }
      return Tensor(shape, sources.map { $0.reduce(0) { $0 + x[$1] } * share })
    }
  }

  /// Each window's gradient to the inputs that counted in it.
  public func backpropToInputs(_ upstream: Tensor) -> [Tensor] {
    var result = Tensor(inputShape)
    result.withUnsafeMutableBufferPointer { result in
      for (window, g) in zip(sources, upstream.scalars) {
        for i in window { result[i] += g * share }
      }
    }
    return [result]
  }
}
