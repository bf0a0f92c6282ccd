import Networks
import Tensors

/// `SmallNetwork.convolutional` by its definition, in loops over `Double`.
struct ReferenceNetwork {
  /// Channels, rows and columns.
  struct Map {
    var channels: Int
    var height: Int
    var width: Int
    var values: [Double]

    init(_ channels: Int, _ height: Int, _ width: Int) {
      (self.channels, self.height, self.width) = (channels, height, width)
      values = [Double](repeating: 0, count: channels * height * width)
    }

    subscript(c: Int, y: Int, x: Int) -> Double {
      get { values[(c * height + y) * width + x] }
      set { values[(c * height + y) * width + x] = newValue }
    }
  }

  let weights: [String: Tensor]

  init(_ network: Network) throws {
    weights = network.graph.constants.mapValues(\.tensor)
  }

  /// The gradient of a logit.
  ///
  /// - Returns: The shape of `picture`, 1×3×H×W.
  func gradient(at picture: Tensor, logit: Int, rule: GradientRule) -> Tensor {
    var x = Map(picture.shape[1], picture.shape[2], picture.shape[3])
    x.values = picture.scalars.map(Double.init)
    let a = convolve(x, "first", stride: 1, pad: 1)
    let c = convolve(relu(a), "second", stride: 2, pad: 1)
    let d = relu(c)
    let e = maxPool(d)
    let f = convolve(e, "third", stride: 1, pad: 0)
    var g = Map(f.channels, f.height, f.width)
    for channel in 0..<g.channels {
      let weight = Double(weights["fourth"]?[logit, channel] ?? 0)
      for y in 0..<g.height {
        for x in 0..<g.width { g[channel, y, x] = weight / Double(g.height * g.width) }
      }
    }
    let back = transpose(rectify(g, f, rule), "third", stride: 1, pad: 0, like: e)
    let second = rectify(route(back, d), c, rule)
    let first = rectify(transpose(second, "second", stride: 2, pad: 1, like: a), a, rule)
    let result = transpose(first, "first", stride: 1, pad: 1, like: x)
    return Tensor(picture.shape, result.values.map { Float($0) })
  }

  private func relu(_ x: Map) -> Map {
    var result = x
    result.values = x.values.map { max($0, 0) }
    return result
  }

  /// The gradient before a rectifier of `z`.
  private func rectify(_ gradient: Map, _ z: Map, _ rule: GradientRule) -> Map {
    var result = gradient
    for i in z.values.indices {
      let g = gradient.values[i]
      result.values[i] =
        switch rule {
        case .guided: z.values[i] > 0 && g > 0 ? g : 0
        case .deconvolution: max(g, 0)
        default: z.values[i] > 0 ? g : 0
        }
    }
    return result
  }

  /// Calls a closure with every pair of an output and an input position that a weight joins.
  private func forEachTap(
    _ name: String, stride: Int, pad: Int, from input: Map,
    _ body: (_ out: (Int, Int, Int), _ into: (Int, Int, Int), _ weight: Double) -> Void
  ) -> (channels: Int, height: Int, width: Int) {
    guard let tensor = weights[name] else { preconditionFailure("no weights \(name)") }
    let size = tensor.shape[2]
    let height = (input.height + 2 * pad - size) / stride + 1
    let width = (input.width + 2 * pad - size) / stride + 1
    for o in 0..<tensor.shape[0] {
      for i in 0..<tensor.shape[1] {
        for v in 0..<size {
          for h in 0..<size {
            let weight = Double(tensor[o, i, v, h])
            for y in 0..<height {
              let row = y * stride + v - pad
              guard (0..<input.height).contains(row) else { continue }
              for x in 0..<width {
                let column = x * stride + h - pad
                guard (0..<input.width).contains(column) else { continue }
                body((o, y, x), (i, row, column), weight)
              }
            }
          }
        }
      }
    }
    return (tensor.shape[0], height, width)
  }

  private func convolve(_ input: Map, _ name: String, stride: Int, pad: Int) -> Map {
    let shape = forEachTap(name, stride: stride, pad: pad, from: input) { _, _, _ in }
    var result = Map(shape.channels, shape.height, shape.width)
    let bias = weights["\(name).bias"]?.scalars ?? []
    for c in 0..<shape.channels {
      for y in 0..<shape.height { for x in 0..<shape.width { result[c, y, x] = Double(bias[c]) } }
    }
    _ = forEachTap(name, stride: stride, pad: pad, from: input) { out, into, weight in
      result[out.0, out.1, out.2] += weight * input[into.0, into.1, into.2]
    }
    return result
  }

  private func transpose(
    _ gradient: Map, _ name: String, stride: Int, pad: Int, like input: Map
  ) -> Map {
    guard let channels = weights[name]?.shape[1] else { preconditionFailure("no weights \(name)") }
    var result = Map(channels, input.height, input.width)
    _ = forEachTap(name, stride: stride, pad: pad, from: result) { out, into, weight in
      result[into.0, into.1, into.2] += weight * gradient[out.0, out.1, out.2]
    }
    return result
  }

  private func maxPool(_ input: Map) -> Map {
    var result = Map(input.channels, input.height / 2, input.width / 2)
    for c in 0..<result.channels {
      for y in 0..<result.height {
        for x in 0..<result.width {
          let best = winner(input, c, y, x)
          result[c, y, x] = input[c, best.y, best.x]
        }
      }
    }
    return result
  }

  /// Where the largest of a 2×2 window lies, the first of equals.
  private func winner(_ input: Map, _ c: Int, _ y: Int, _ x: Int) -> (y: Int, x: Int) {
    var best = (y: 2 * y, x: 2 * x)
    for candidate in [(2 * y, 2 * x + 1), (2 * y + 1, 2 * x), (2 * y + 1, 2 * x + 1)]
    where input[c, candidate.0, candidate.1] > input[c, best.y, best.x] {
      best = (candidate.0, candidate.1)
    }
    return best
  }

  /// The gradient of a max pool.
  private func route(_ gradient: Map, _ input: Map) -> Map {
    var result = Map(input.channels, input.height, input.width)
    for c in 0..<gradient.channels {
      for y in 0..<gradient.height {
        for x in 0..<gradient.width {
          let best = winner(input, c, y, x)
          result[c, best.y, best.x] += gradient[c, y, x]
        }
      }
    }
    return result
  }
}
