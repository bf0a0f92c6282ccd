import Attribution
import Explanations
import Files
import Foundation
import Galleries
import Imaging
import Networks
import Portraits
import Server
import Tensors
import Visualization

extension MicroscopeSite {
  /// Takes a photograph, and says where its page is.
  func posted(_ request: Request) throws -> Response? {
    guard request.path == ["photographs"], !isReadOnly else { return nil }
    let bytes = [UInt8](request.body)
    // What is no picture, or too large a one, is refused before it is kept.
    try microscope.unpacking.withLock {
      let picture = try Picture(encoded: bytes, named: "the file")
      _ = try microscope.network.input(picture, size: microscope.network.pictureSize(nil))
    }
    let name = String(SHA256.hexadecimal(request.body).prefix(32))
    try microscope.cache.keep(bytes, as: name, "photo")
    return Response(
      type: Self.json, try JSONEncoder().encode(["address": "photographs/\(name).html"]))
  }

  /// A photograph's page, its picture, and what is asked of it.
  func photograph(_ request: Request) throws -> Response? {
    guard request.path.count >= 2 else { return nil }
    let name = String(request.path[1].prefix(32))
    guard let subject = try subject(named: name) else { return nil }
    switch (request.path[1].dropFirst(32), request.path.dropFirst(2).first) {
    case (".html", nil): return page(PhotographPage(subject: subject, microscope: microscope).html)
    case (".png", nil):
      return Response(
        type: "image/png",
        Data(try subject.photograph.framing.framed(subject.photograph.picture).png()),
        isLasting: true)
    case ("", "maps") where !isReadOnly:
      var subjects = [subject]
      if let other = request.query["with"] {
        guard let second = try self.subject(named: other) else { return nil }
        subjects.append(second)
      }
      return look(request) { [subjects] in try maps(of: subjects, request, $0) }
    case ("", "with") where request.path.count == 4 && request.path[3].hasSuffix(".html"):
      guard let other = try self.subject(named: String(request.path[3].dropLast(5))) else {
        return nil
      }
      return page(
        PhotographPairPage(first: subject, second: other, microscope: microscope).html)
    case ("", "grid") where !isReadOnly:
      guard let layer = microscope.layer(at: request.query["layer"] ?? "") else { return nil }
      return look(request) { try grid(of: subject, layer, $0) }
    case ("", "position") where !isReadOnly:
      return look(request) { try position(of: subject, request, $0) }
    case ("", "masked") where !isReadOnly: return look(request) { try masked(subject, request, $0) }
    default: return nil
    }
  }

  /// A photograph that is kept; nil: there is none of that name.
  private func subject(named name: String) throws -> PhotographSubject? {
    guard PictureCache.isName(name), let bytes = try microscope.cache.bytes(name, "photo") else {
      return nil
    }
    return try microscope.unpacking.withLock {
      try PhotographSubject(bytes, named: name, microscope)
    }
  }

  /// Work on a photograph, which takes all places of the bench.
  private func look(
    _ request: Request, _ work: @escaping @Sendable (Broadcast) throws -> Void
  ) -> Response {
    events(request) { broadcast in
      try microscope.bench.work(takingAll: true, check: broadcast.check) { _ in
        try work(broadcast)
      }
    }
  }

  // MARK: A position

  private struct PositionEvent: Encodable {
    struct Channel: Encodable {
      let unit: String
      let words: String
      let picture: String?
      let address: String
    }
    let words: String
    let channels: [Channel]
    let picture: String
  }

  /// The channels that are strongest at a position, and what the strongest looks at.
  private func position(
    of subject: PhotographSubject, _ request: Request, _ broadcast: Broadcast
  ) throws {
    guard let layer = microscope.layer(at: request.query["layer"] ?? ""),
      let across = request.query["x"].flatMap(Double.init), (0..<1).contains(across),
      let down = request.query["y"].flatMap(Double.init), (0..<1).contains(down)
    else { throw PositionError() }
    let network = PictureNetwork(
      microscope.network, preprocessing: microscope.network.preparation, threads: microscope.threads
    )
    let map = try ActivationGrid.map(
      of: subject.photograph.input, layer: layer.name, in: network)
    let (height, width) = (map.shape[2], map.shape[3])
    let (x, y) = (Int(across * Double(width)), Int(down * Double(height)))
    let values = map.scalars
    let strongest = (0..<map.shape[1]).map { ($0, values[($0 * height + y) * width + x]) }
      .sorted { $0.1 > $1.1 }.prefix(6)
    let unit = try subject.explainer.subject(.unit("\(layer.name):\(strongest[0].0)@\(x),\(y)"))
    let explained = try subject.explainer.map(
      of: unit, in: subject.photograph, by: ConfiguredMethod(.smoothGrad))
    let overlay = subject.photograph.picture(
      .overlay, of: explained, MapStyle(), width: PhotographSubject.width)
    let channels = try strongest.map { channel, value in
      let place = Microscope.Place.channel(layer: layer.name, channel)
      let plate = try microscope.icon(place)
      return PositionEvent.Channel(
        unit: IconFigure.identifier(place, in: microscope),
        words: "\(layer.name):\(channel) \(Double(value).fixed(2))",
        picture: plate.flatMap { microscope.has($0) ? $0.address : nil },
        address: microscope.address(of: place))
    }
    broadcast.send(
      "position",
      PositionEvent(
        words: "What \(unit.title) looks at", channels: channels, picture: try overlay.address))
  }

  // MARK: Without a part

  private struct MaskEvent: Encodable {
    let before: [[String]]
    let after: [[String]]
  }

  /// What the network sees where a part of the photograph is blurred away.
  private func masked(
    _ subject: PhotographSubject, _ request: Request, _ broadcast: Broadcast
  ) throws {
    let sides = ["left", "top", "right", "bottom"].compactMap {
      request.query[$0].flatMap(Double.init)
    }
    guard sides.count == 4, sides.allSatisfy({ (0...1).contains($0) }), sides[0] < sides[2],
      sides[1] < sides[3]
    else { throw PartError() }
    let input = subject.photograph.input
    let (height, width) = (input.shape[2], input.shape[3])
    let rows =
      Int(sides[1] * Double(height))..<max(1, Int((sides[3] * Double(height)).rounded(.up)))
    let columns =
      Int(sides[0] * Double(width))..<max(1, Int((sides[2] * Double(width)).rounded(.up)))
    let deviation = Double(max(height, width)) / 12
    var scalars = input.scalars
    for channel in 0..<input.shape[1] {
      let plane = channel * height * width
      let blurred = Tensor([height, width], Array(scalars[plane..<plane + height * width]))
        .blurred(deviation: deviation).scalars
      for row in rows {
        for index in row * width + columns.lowerBound..<row * width + columns.upperBound {
          scalars[plane + index] = blurred[index]
        }
      }
    }
    let classes = try microscope.network.classes(
      of: Tensor(input.shape, scalars), shapes: microscope.shapes, feed: subject.explainer.feed,
      threads: microscope.threads)
    let before = subject.photograph.classes.prefix(5)
    let after = before.compactMap { one in classes.first { $0.index == one.index } }
    broadcast.send(
      "masked",
      MaskEvent(
        before: before.map(subject.words),
        after: (Array(after) + classes.prefix(2)).uniqued(by: \.index)
          .map(subject.words)))
  }
}

/// A position in a photograph that is none.
struct PositionError: Error, CustomStringConvertible {
  var description: String {
    "the position must be of a layer of the list, and x and y from 0 to below 1"
  }
}

/// A part of a photograph that is none.
struct PartError: Error, CustomStringConvertible {
  var description: String { "the part must have a left, top, right and bottom from 0 to 1" }
}

extension Array {
  /// The elements of which no earlier one has the same key.
  fileprivate func uniqued<Key: Hashable>(by key: (Element) -> Key) -> [Element] {
    var seen = Set<Key>()
    return filter { seen.insert(key($0)).inserted }
  }
}
