import Foundation
import Galleries
import Imaging
import Memory
import Networks
import Portraits
import Server

/// What a browser is answered: pages, pictures, and events while something is made.
///
/// Nothing that is asked for becomes a path: layers go by the addresses of the list, numbers by numbers, files by the
/// hashes that they were kept under.
struct MicroscopeSite: Sendable {
  let microscope: Microscope
  /// Whether nothing is made that is not there.
  let isReadOnly: Bool
  /// The networks that are served beside this one.
  let others: [Microscope]

  /// Creates a site.
  ///
  /// - Parameters:
  ///   - microscope: What it shows.
  ///   - isReadOnly: Whether nothing is made, and nothing taken, that is not there.
  ///   - others: The networks that are served beside this one.
  init(_ microscope: Microscope, isReadOnly: Bool = false, others: [Microscope] = []) {
    (self.microscope, self.isReadOnly, self.others) = (microscope, isReadOnly, others)
  }

  /// Answers a request.
  func response(to request: Request) -> Response {
    do {
      return try microscope.withinMemory { try answer(request) } ?? missing
    } catch {
      return Response(.unprocessable, "\(error)".withoutFolders)
    }
  }

  var missing: Response {
    let frame = PageFrame(
      title: "Nothing here", description: "There is no such page.", depth: 0,
      crumbs: [(microscope.title, "index.html")])
    // It may stand below any folder.
    let page = frame.html(
      "<h1>There is no such page</h1><p><a href=\"/\">\(HTML.escaped(microscope.title))</a></p>",
      by: microscope.provenance.software
    ).replacing("\"assets/", with: "\"/assets/").replacing(
      "href=\"index.html\"", with: "href=\"/\"")
    return Response(.notFound, type: Self.html, Data(page.utf8))
  }

  private func answer(_ request: Request) throws -> Response? {
    if request.method == .post { return try posted(request) }
    let path = request.path
    switch path.first {
    case nil: return modelPage
    case "index.html" where path.count == 1: return modelPage
    case "classes.html" where path.count == 1 && microscope.classes > 0:
      return page(LayerPage(microscope: microscope, layer: nil, isStatic: isReadOnly).html)
    case "search.json" where path.count == 1:
      return Response(type: Self.json, try SearchIndex(microscope).json)
    case "assets" where path.count == 2:
      return Asset.named(path[1]).map { Response(type: $0.type, $0.data) }
    case "layers" where path.count == 2: return layerPage(path[1])
    case "units", "classes": return try unitPage(request)
    case "pictures" where path.count == 2: return try picture(path[1])
    case "natural" where path.count == 2: return try natural(path[1])
    case "icons" where path.count == 1: return isReadOnly ? nil : icons(request)
    case "ascents" where path.count == 1: return isReadOnly ? nil : try ascent(request)
    case "photographs": return try photograph(request)
    case "looking" where path.count == 1: return isReadOnly ? nil : looking(request)
    default: return nil
    }
  }

  /// Why there is nothing, or nothing more.
  private struct Failure: Encodable {
    let reason: String
  }

  /// Events of work that lasts as long as somebody listens.
  ///
  /// - Parameters:
  ///   - request: What is asked for.
  ///   - grace: How long it goes on once nobody listens, in seconds.
  ///   - work: Sends events; what it throws becomes one, and its end another.
  /// - Returns: The events.
  func events(
    _ request: Request, grace: Double = 0,
    _ work: @escaping @Sendable (Broadcast) throws -> Void
  ) -> Response {
    Response { stream in
      let joined = microscope.broadcasts.join(request, grace: grace) { broadcast in
        do {
          try microscope.withinMemory { try work(broadcast) }
          broadcast.send("end", Failure(reason: ""))
        } catch {
          broadcast.send("failure", Failure(reason: "\(error)".withoutFolders))
        }
      }
      joined.play(to: stream)
    }
  }

  static let html = "text/html; charset=utf-8"
  static let json = "application/json"

  func page(_ html: String) -> Response { Response(type: Self.html, Data(html.utf8)) }

  // MARK: Pages

  private var modelPage: Response {
    var model = ModelPage(microscope: microscope, isStatic: isReadOnly)
    model.others = others
    return page(model.html)
  }

  private func layerPage(_ name: String) -> Response? {
    guard name.hasSuffix(".html"), let layer = microscope.layer(at: String(name.dropLast(5)))
    else { return nil }
    return page(LayerPage(microscope: microscope, layer: layer, isStatic: isReadOnly).html)
  }

  private func unitPage(_ request: Request) throws -> Response? {
    guard let last = request.path.last, last.hasSuffix(".html"),
      let place = place(request.path.dropLast() + [String(last.dropLast(5))]),
      let unit = microscope.unit(place), let plate = try microscope.plate(place)
    else { return nil }
    var page = UnitPage(
      microscope: microscope, place: place, unit: unit, plate: plate, isStatic: isReadOnly)
    page.others = others
    return self.page(page.html)
  }

  /// The unit of `units/LAYER/17` or `classes/17`.
  private func place(_ path: [String]) -> Microscope.Place? {
    guard let number = path.last.flatMap(Self.number) else { return nil }
    switch path.first {
    case "classes" where path.count == 2: return .class(number)
    case "units" where path.count == 3:
      return microscope.layer(at: path[1]).map { .channel(layer: $0.name, number) }
    default: return nil
    }
  }

  /// The unit of `LAYER/17` or `classes/17`, as the page's script says it; nil: there is none.
  func place(of identifier: String) -> Microscope.Place? {
    let parts = identifier.split(separator: "/").map(String.init)
    guard parts.count == 2 else { return nil }
    let place = place(parts[0] == "classes" ? parts : ["units"] + parts)
    return place.flatMap { microscope.unit($0) == nil ? nil : $0 }
  }

  static func number(_ text: String) -> Int? {
    text.count < 10 && text.allSatisfy { $0.isASCII && $0.isNumber } ? Int(text) : nil
  }

  // MARK: Pictures

  private func picture(_ name: String) throws -> Response? {
    let stem = String(name.prefix(32))
    guard name == stem + ".png", PictureCache.isName(stem),
      let bytes = try microscope.cache.bytes(stem)
    else { return nil }
    return Response(type: "image/png", Data(bytes), isLasting: true)
  }

  private func natural(_ name: String) throws -> Response? {
    guard let natural = microscope.natural, name.hasSuffix(".png"),
      let index = Self.number(String(name.dropLast(4))), natural.files.indices.contains(index)
    else { return nil }
    return Response(
      type: "image/png", Data(try natural.thumbnail(index, keeping: microscope.cache)))
  }
}
