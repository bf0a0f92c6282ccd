/// An axis of what a network is fed: of a volume or a film the bands are channels and slices.
enum PictureAxis: Hashable, Sendable {
  case channels, slices, rows, columns
}
