public import Imaging
public import Tensors
public import Visualization

/// A picture with its groups in colours, and an icon of each.
public struct GroupSheet {
  private let input: Tensor
  private let groups: ActivationGroups
  private let icons: [Picture]

  /// Creates a sheet.
  ///
  /// - Parameters:
  ///   - input: The picture, 1×C×H×W in 0…1.
  ///   - groups: Its groups.
  ///   - icons: One for each group, N×C×h×w in 0…1.
  public init(_ input: Tensor, _ groups: ActivationGroups, icons: Tensor) {
    (self.input, self.groups) = (input, groups)
    self.icons = Picture.pictures(of: icons)
  }

  /// Okabe and Ito's colours, which most people can tell apart, and six between them.
  private static let colors = [
    0xE69F00, 0x56B4E9, 0x009E73, 0xF0E442, 0x0072B2, 0xD55E00, 0xCC79A7, 0x8A2BE2, 0x7F7F7F,
    0x8B4513,
    0x00CED1, 0xADFF2F,
  ].map { Color(UInt32($0)) }

  /// The sheet: the picture, the picture under its groups' colours, the icons in frames of these.
  public func picture() -> Picture {
    let side = max(input.shape[2], icons[0].height)
    let shown = Picture(input)
    var tiles = [
      ContactSheet.Tile(shown, caption: "picture"),
      ContactSheet.Tile(colored(), caption: "groups"),
    ]
    for (index, icon) in icons.enumerated() {
      var framed = Picture(width: side, height: side, filledWith: Self.colors[index])
      let inside = icon.fitted(width: side - 2 * Self.border, height: side - 2 * Self.border)
      framed.draw(inside, x: (side - inside.width) / 2, y: (side - inside.height) / 2)
      let share = Int((100 * groups.share(of: index)).rounded())
      tiles.append(.init(framed, caption: "group \(index + 1): \(share) %"))
    }
    return ContactSheet(tiles, columns: min(tiles.count, 4)).picture()
  }

  /// The width of an icon's frame, in pixels.
  private static let border = 8

  /// The picture in grey, each place in the colour of the groups that are there, as strongly as they are.
  private func colored() -> Picture {
    let (height, width) = (input.shape[2], input.shape[3])
    let maps = groups.maps.map { map -> [Float] in
      let largest = max(map.max() ?? 0, .leastNormalMagnitude)
      return Tensor([groups.height, groups.width], map.map { $0 / largest })
        .resized(width: width, height: height, by: .bilinear).scalars
    }
    let pixels = input.scalars
    let (plane, channels) = (height * width, input.shape[1])
    var result = [Float](repeating: 0, count: 3 * plane)
    for i in 0..<plane {
      let grey = (0..<channels).reduce(0) { $0 + pixels[$1 * plane + i] } / Float(channels)
      let total = maps.reduce(0) { $0 + $1[i] * $1[i] }
      let strength = 0.8 * min(1, maps.reduce(0) { max($0, $1[i]) })
      for channel in 0..<3 {
        let color = maps.indices.reduce(Float(0)) {
          $0 + maps[$1][i] * maps[$1][i] * Self.colors[$1].share(of: channel)
        }
        let tint = total > 0 ? color / total : grey
        result[channel * plane + i] = (1 - strength) * grey + strength * tint
      }
    }
    return Picture(Tensor([1, 3, height, width], result))
  }
}

extension Color {
  /// Red, green or blue in 0…1.
  fileprivate func share(of channel: Int) -> Float {
    Float([red, green, blue][channel]) / 255
  }
}
