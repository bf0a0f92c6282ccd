public import Imaging
import Tensors

/// The channels that respond to a photograph beyond their usual, a line a layer.
public struct FiringSheet: Sendable {
  private let photograph: Photograph
  private let layers: [[FiringChannel]]
  private let pictures: [String: Picture]
  private let note: String

  /// Lays out channels.
  ///
  /// - Parameters:
  ///   - photograph: The photograph.
  ///   - layers: For each layer its channels.
  ///   - gallery: Where pictures of the channels are looked for.
  ///   - note: What is to be said below all: what is usual.
  /// - Throws: `ImagingError` for a damaged picture.
  public init(
    _ photograph: Photograph, _ layers: [[FiringChannel]], gallery: GalleryPictures? = nil,
    note: String
  ) throws {
    (self.photograph, self.layers, self.note) = (photograph, layers, note)
    var pictures: [String: Picture] = [:]
    for channel in layers.joined() {
      pictures[channel.name] = try gallery?.picture(of: channel)
    }
    self.pictures = pictures
  }

  /// The sheet as one picture.
  ///
  /// - Parameter width: The width of a panel, in pixels; nil: what suits their number.
  /// - Returns: A picture without alpha.
  public func picture(width: Int? = nil) -> Picture {
    var rows: [[Panel]] = []
    for (index, channels) in layers.enumerated() {
      let first = index == 0 ? photographPanel : Panel([], .nothing)
      rows.append([first] + channels.map(panel))
      let made = channels.map { pictures[$0.name] }
      if made.contains(where: { $0 != nil }) {
        rows.append(
          [Panel([], .nothing)]
            + made.map { picture in
              picture.map { Panel([], .picture($0), notes: ["what it looks for"]) }
                ?? Panel([], .nothing)
            })
      }
    }
    return PanelSheet(
      rows, width: width ?? 240, title: "What fires", subtitle: photograph.fileName, footer: note
    ).picture()
  }

  private var photographPanel: Panel {
    Panel(
      [photograph.fileName], .picture(photograph.shown(width: 480)),
      notes: photograph.framing.cut.map { ["shown to the network: \($0)"] } ?? [])
  }

  /// A channel's map over the photograph, from 0 to its peak.
  private func panel(of channel: FiringChannel) -> Panel {
    let (width, height) = (480, photograph.height(atWidth: 480))
    let (map, place) = photograph.framing.unframed(channel.map, width: width, height: height)
    let least = min(channel.map.scalars.min() ?? 0, 0)
    let range = least...max(channel.peak, least)
    let heat = HeatMap(map, normalization: .fixed(range))
    var shown = photograph.shown(width: width)
    shown.draw(heat.overlay(on: shown.cropped(place)), x: place.x, y: place.y)
    return Panel(
      [channel.name, "\(channel.score.significant(2)) deviations beyond its usual"],
      .picture(shown),
      bar: (heat.bar, .init(lower: least.significant(2), upper: channel.peak.significant(3))),
      notes: ["usual \(channel.usual.significant(2)) ± \(channel.deviation.significant(2))"])
  }
}
