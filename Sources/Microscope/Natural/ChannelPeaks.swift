import Foundation

/// How strongly each of some pictures excites each channel of a layer, and where.
public struct ChannelPeaks: Sendable {
  /// How many pictures there are.
  let pictures: Int
  /// The largest activation over all positions: pictures of the first channel, then of the next.
  let values: [Float]
  /// Its position, row by row; 0 where the layer has none.
  let places: [UInt16]
  /// Columns and rows of the layer; 0: it has none.
  let (width, height): (Int, Int)
  init(pictures: Int, values: [Float], places: [UInt16], width: Int, height: Int) {
    (self.pictures, self.values, self.places) = (pictures, values, places)
    (self.width, self.height) = (width, height)
  }

  /// How many channels there are.
  var channels: Int { pictures > 0 ? values.count / pictures : 0 }

  /// A channel's value for each picture.
  func values(of channel: Int) -> ArraySlice<Float> {
    values[channel * pictures..<(channel + 1) * pictures]
  }

  /// The mean of a channel's values.
  func strength(of channel: Int) -> Float {
    values(of: channel).reduce(0, +) / Float(max(1, pictures))
  }

  /// How alike two channels respond to the same pictures: Pearson's correlation of their values.
  ///
  /// - Parameters:
  ///   - channel: One of these.
  ///   - other: What the same pictures, in the same order, do to another layer.
  ///   - second: A channel of that.
  /// - Returns: −1…1; nil: there are other pictures, fewer than two, or one of them responds to all alike.
  func correlation(of channel: Int, with other: ChannelPeaks, _ second: Int) -> Double? {
    guard pictures == other.pictures, pictures > 1, channel < channels, second < other.channels
    else { return nil }
    func centered(_ values: ArraySlice<Float>) -> [Double] {
      let mean = values.reduce(0) { $0 + Double($1) } / Double(pictures)
      return values.map { Double($0) - mean }
    }
    let (one, two) = (centered(values(of: channel)), centered(other.values(of: second)))
    let squares = [one, two].map { $0.reduce(0) { $0 + $1 * $1 } }
    guard squares.allSatisfy({ $0 > 0 }) else { return nil }
    let product = zip(one, two).reduce(0) { $0 + $1.0 * $1.1 }
    return product / (squares[0] * squares[1]).squareRoot()
  }

  /// The pictures by how strongly they excite a channel, the strongest first.
  func ranked(_ channel: Int) -> [Int] {
    let values = Array(values(of: channel))
    return values.indices.sorted { (values[$1], $0) < (values[$0], $1) }
  }

  /// Where in the picture, as shares of its width and height, the middle of the strongest position is, and how large a
  /// position is.
  func place(of channel: Int, in picture: Int) -> (
    x: Double, y: Double, width: Double, height: Double
  )? {
    guard width > 1, height > 1 else { return nil }
    let place = Int(places[channel * pictures + picture])
    return (
      (Double(place % width) + 0.5) / Double(width),
      (Double(place / width) + 0.5) / Double(height), 1 / Double(width), 1 / Double(height)
    )
  }

  /// Each channel's place in an order in which neighbours respond to the same pictures.
  func ranksByLikeness() -> [Int] { Self.ranks(values, pictures) }

  /// An order in which each channel stands beside the one most like it that has no place yet, by the correlation of
  /// their values over the pictures.
  private static func ranks(_ values: [Float], _ pictures: Int) -> [Int] {
    guard pictures > 1 else { return Array(0..<(pictures == 0 ? 0 : values.count)) }
    let count = values.count / pictures
    var rows = values
    for channel in 0..<count {
      let range = channel * pictures..<(channel + 1) * pictures
      let mean = rows[range].reduce(0, +) / Float(pictures)
      var square: Float = 0
      for index in range {
        rows[index] -= mean
        square += rows[index] * rows[index]
      }
      let scale = square > 0 ? 1 / square.squareRoot() : 0
      for index in range { rows[index] *= scale }
    }
    var ranks = [Int](repeating: 0, count: count)
    var left = Array(0..<count)
    var last = 0
    for rank in 0..<count {
      let best = left.indices.max { first, second in
        likeness(last, left[first], rows, pictures) < likeness(last, left[second], rows, pictures)
      }
      let place = rank == 0 ? 0 : best ?? 0
      last = left.remove(at: place)
      ranks[last] = rank
    }
    return ranks
  }

  private static func likeness(_ first: Int, _ second: Int, _ rows: [Float], _ count: Int) -> Float
  {
    rows.withUnsafeBufferPointer { rows in
      var sum: Float = 0
      for index in 0..<count { sum += rows[first * count + index] * rows[second * count + index] }
      return sum
    }
  }
}
