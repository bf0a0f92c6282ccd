import Attribution
import Explanations
import Galleries
import Imaging
import Networks
import Objectives
import Portraits
import Server
import Tensors
import Visualization

extension MicroscopeSite {
  struct MapEvent: Encodable {
    let method: String
    /// A picture a photograph; none where there is nothing to see.
    var pictures: [String?]
    /// What is to be said of each.
    var words: [String]
    /// What the colours of all stand for; nil: each has its own.
    var scale: String?
  }

  /// The name under which a channel's own activations are shown beside methods.
  static let activations = "activations"

  /// Explains a unit in a photograph, or in two on one scale, by several methods, each an event.
  func maps(
    of subjects: [PhotographSubject], _ request: Request, _ broadcast: Broadcast
  ) throws {
    let explainer = subjects[0].explainer
    let unit: SaliencyMap.Subject
    if let text = request.query["unit"], !text.isEmpty {
      let selection = UnitSelection(network: explainer.network, shapes: explainer.shapes)
      unit = SaliencyMap.Subject(Subject(try selection.one(text)))
    } else {
      unit = try explainer.top(1, of: subjects[0].photograph)[0]
    }
    let names = (request.query["methods"] ?? "").split(separator: ",").map(String.init)
    for name in names {
      try broadcast.check()
      do {
        broadcast.send("map", try map(of: unit, in: subjects, by: name))
      } catch let error where error is AttributionError || error is ObjectiveError {
        broadcast.send("map", nothing(subjects, "\(error)", by: name))
      }
    }
  }

  /// What one method says of a unit in photographs, all on one scale.
  func map(
    of unit: SaliencyMap.Subject, in subjects: [PhotographSubject], by name: String
  ) throws -> MapEvent {
    if name == Self.activations { return try activations(of: unit, in: subjects) }
    let explainer = subjects[0].explainer
    let method = try ConfiguredMethod(RegisteredMethod.named(name))
    let maps = try subjects.map { try explainer.map(of: unit, in: $0.photograph, by: method) }
    let scales = ExplanationScales(of: maps, MapStyle())
    var event = MapEvent(method: name, pictures: [], words: [])
    for (subject, map) in zip(subjects, maps) {
      guard map.nothing == nil else {
        event.pictures.append(nil)
        event.words.append(map.nothingInWords ?? "")
        continue
      }
      let range = scales.range(of: map)
      event.pictures.append(
        try subject.photograph.picture(
          .overlay, of: map, MapStyle(), range: range, width: PhotographSubject.width
        ).address)
      let value = "\(unit.title) \(Double(map.value).fixed(2))"
      let layers = map.layers.isEmpty ? nil : "of \(map.layers.joined(separator: ", "))"
      event.words.append(
        [value, layers, map.likeness, map.caution].compactMap(\.self).joined(separator: "; "))
      if subjects.count > 1 { event.scale = Self.words(range) }
    }
    return event
  }

  /// The positions of a channel, from none of it to the most in either photograph.
  private func activations(
    of unit: SaliencyMap.Subject, in subjects: [PhotographSubject]
  ) throws -> MapEvent {
    guard case .unit(let named) = unit.first.kind,
      case .channel(let layer, let channel) = named.kind
    else {
      return nothing(
        subjects, "\(unit.title) is no channel of a layer; only these have activations")
    }
    let network = PictureNetwork(
      microscope.network, preprocessing: microscope.network.preparation, threads: microscope.threads
    )
    let maps = try subjects.map { subject in
      let map = try ActivationGrid.map(of: subject.photograph.input, layer: layer, in: network)
      return map.gathered([channel], alongAxis: 1).reshaped([map.shape[2], map.shape[3]])
    }
    let all = maps.flatMap(\.scalars)
    let (least, most) = (min(all.min() ?? 0, 0), max(all.max() ?? 0, 0))
    guard least < most, least.isFinite, most.isFinite else {
      return nothing(subjects, "nothing to see: it is 0 everywhere")
    }
    let range = least < 0 ? -max(-least, most)...max(-least, most) : 0...most
    return MapEvent(
      method: Self.activations,
      pictures: try zip(subjects, maps).map { try $0.overlay($1, on: range).address },
      words: maps.map { "at most \(Double($0.scalars.max() ?? 0).fixed(2))" },
      scale: Self.words(range))
  }

  private func nothing(
    _ subjects: [PhotographSubject], _ reason: String, by method: String = activations
  ) -> MapEvent {
    MapEvent(
      method: method, pictures: subjects.map { _ in nil },
      words: subjects.map { _ in reason })
  }

  private static func words(_ range: ClosedRange<Float>) -> String {
    "colours from \(range.lowerBound.significant(2)) to \(range.upperBound.significant(2))"
  }
}
