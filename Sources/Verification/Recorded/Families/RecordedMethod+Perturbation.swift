import Attribution

extension RecordedMethod {
  /// What changes when parts of the picture are taken away.
  static let perturbation: [RecordedMethod] = [
    .map("occlusion") { request in
      // Windows of all channels: channels × rows × columns, or the side of a square.
      Occlusion(
        window: request.recording.numbers("window")?.last.map { Int($0) },
        stride: request.recording.numbers("stride")?.last.map { Int($0) },
        baseline: try request.baseline())
    }
  ]
}
