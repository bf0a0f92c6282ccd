import Foundation
import Galleries
import Imaging
import Networks
import Portraits
import Server
import Tensors
import Visualization

extension MicroscopeSite {
  /// A picture while it is made: its steps as events.
  func ascent(_ request: Request) throws -> Response? {
    guard let place = place(of: request.query["unit"] ?? ""),
      let unit = microscope.unit(place)
    else { return nil }
    var settings: [String: String] = [:]
    for setting in Settings.all where !setting.isPath {
      if let value = request.query[setting.key], !value.isEmpty { settings[setting.key] = value }
    }
    let plate = try microscope.plate(
      subject(place, unit, of: request.query["of"] ?? "", &settings), settings)
    return events(request) { try climb(plate, $0) }
  }

  /// What the picture is to be of.
  private func subject(
    _ place: Microscope.Place, _ unit: NetworkUnit, of what: String,
    _ settings: inout [String: String]
  ) throws -> Subject {
    let network = microscope.network
    let name = unit.argument(in: network)
    switch what {
    case "negative":
      return try Subject(
        .objective(ObjectiveExpression("-\(name.quotedForExpression)")), in: network,
        shapes: microscope.shapes)
    case "diversity":
      let layer: String?
      switch place {
      case .channel(let name, _): layer = name
      case .class: layer = microscope.layers.last(where: \.isMap)?.name
      }
      guard let layer else { return Subject(unit) }
      settings[Settings.batch.key] = "4"
      return try Subject(
        .objective(
          ObjectiveExpression(
            "\(name.quotedForExpression) - 10 * diversity(\(layer.quotedForExpression))")),
        in: network, shapes: microscope.shapes)
    default: return Subject(unit)
    }
  }

  private struct StepEvent: Encodable {
    let step: Int
    let steps: Int
    let value: Float
    /// A picture, where enough time has passed since the last.
    var picture: String?
  }

  private struct DoneEvent: Encodable {
    let picture: String
    let command: String
    let facts: [[String]]
    /// What it reaches.
    let value: Float
  }

  /// How often a picture on the way is sent.
  private static let interval = Duration.milliseconds(150)

  private func climb(_ plate: Plate, _ broadcast: Broadcast) throws {
    let steps = plate.recipe.steps * plate.recipe.tries
    let record =
      try microscope.record(of: plate)
      ?? microscope.bench.work(takingAll: true, check: broadcast.check) { threads in
        var last = ContinuousClock.now - Self.interval
        var count = 0
        return try microscope.make(plate, threads: threads) { step in
          try broadcast.check()
          defer { count += 1 }
          guard ContinuousClock.now - last >= Self.interval else { return }
          last = .now
          let picture = microscope.network.shown(
            step.picture(), scale: plate.item.scale, bands: plate.recipe.bands)
          broadcast.send(
            "step",
            StepEvent(
              step: count, steps: steps, value: step.value, picture: try picture.address),
            isPassing: true)
        }
      }
    broadcast.send(
      "done",
      DoneEvent(
        picture: plate.address, command: plate.command,
        facts: plate.facts(record).map { [$0.0, $0.1] }, value: record.after))
  }
}

extension Picture {
  /// The picture as an address of its own.
  var address: String {
    get throws { "data:image/png;base64," + Data(try png()).base64EncodedString() }
  }
}
