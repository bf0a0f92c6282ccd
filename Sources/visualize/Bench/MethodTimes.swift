import Attribution
import Explanations
import Networks
import Objectives
import Tensors
import Visualization

/// How long methods take to explain a picture, the network read and the picture there.
struct MethodTimes {
  /// One method's times.
  struct Entry: Encodable {
    let method: String
    /// The first call, which plans the passes that it makes.
    let firstMilliseconds: Double
    /// The calls after it; nil where the first took so long that there was none.
    let next: Spread?

    /// `  smoothgrad   first 583 ms, then 521.30 ms (519.02 to 530.51)`.
    var line: String {
      "  \(method.padded(to: 29))  first \(firstMilliseconds.fixed(0)) ms"
        + (next.map { ", then \($0.inWords)" } ?? "")
    }
  }

  let objective: Objective
  let network: Network
  let threads: Int
  /// The most calls of one method after the first.
  let repeats: Int

  /// No method is called again after so long.
  private static let patience = Duration.seconds(8)

  /// Times a method.
  ///
  /// - Parameters:
  ///   - method: The method.
  ///   - pictures: What it explains: a picture a call, by its number.
  /// - Returns: The times.
  /// - Throws: What the method throws.
  func entry(_ method: ConfiguredMethod, pictures: (Int) -> Tensor) throws -> Entry {
    let start = ContinuousClock.now
    var times: [Duration] = []
    let picture = pictures(0)
    let explained = Explained(
      objective, in: network, inputShape: picture.shape, feed: .picture(network.preparation),
      threads: threads, shapes: try network.shapes(inputShape: picture.shape))
    func time(_ picture: Tensor) throws -> Duration {
      try ContinuousClock().measure { _ = try explained.map(of: picture, by: method.method) }
    }
    let first = try time(picture)
    while times.count < repeats, .now - start < Self.patience {
      times.append(try time(pictures(times.count + 1)))
    }
    return Entry(
      method: method.title, firstMilliseconds: first.milliseconds,
      next: times.isEmpty ? nil : Spread(times))
  }
}
