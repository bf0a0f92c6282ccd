import Foundation
import Portraits
import Networks
import Server
import Visualization

/// What is to be compared: two parts of networks, or of one.
struct Comparison: Sendable {
  /// A part of a network that has a page.
  enum Target: Hashable, Sendable {
    case unit(Microscope.Place)
    case layer(String)
  }

  /// One side.
  struct Side: Sendable {
    let microscope: Microscope
    /// What was written.
    let text: String
    /// What it names; nil: nothing was written.
    let target: Target?

    init(_ text: String, of microscope: Microscope) throws {
      (self.microscope, self.text) = (microscope, text)
      target = text.isEmpty ? nil : try Self.target(text, microscope)
    }

    private static func target(_ text: String, _ microscope: Microscope) throws -> Target {
      let network = microscope.network
      let unit = try UnitSelection(network: network, shapes: microscope.shapes).one(text)
      switch unit.kind {
      case .logit(let index), .score(let index, _, _): return .unit(.class(index))
      case .channel(let name, let channel), .neuron(let name, let channel, _, _),
        .classToken(let name, let channel):
        return .unit(.channel(layer: try Self.layer(name, microscope).name, channel))
      case .layer(let name): return .layer(try Self.layer(name, microscope).name)
      }
    }

    /// The layer that shows what a name stands for.
    private static func layer(
      _ name: String, _ microscope: Microscope
    ) throws -> MicroscopeLayer {
      if let layer = microscope.layer(named: name) { return layer }
      // A layer may go by several names.
      let value = try microscope.network.value(ofLayer: name)
      guard
        let layer = try microscope.layers.first(where: {
          try microscope.network.value(ofLayer: $0.name) == value
        })
      else { throw NoChannelsError(layer: name) }
      return layer
    }
  }

  let first: Side
  let second: Side

  /// Whether both are of one network, prepared in one way.
  var isOfOne: Bool { first.microscope === second.microscope }
}

extension Site {
  /// A page of two things beside each other, or of what is wrong with what was asked for.
  func comparison(_ query: [String: String]) -> Response {
    var page = ComparisonPage(microscopes: microscopes, isReadOnly: isReadOnly, query: query)
    do {
      let first = try named(query["first-model"])
      // Two networks are compared with each other where nobody says which.
      let other = microscopes.first { $0 !== first } ?? first
      let second = try query["second-model"].map { try named($0) } ?? other
      page.models = (first, second)
      let text = query["first"] ?? ""
      let same = first === second ? "" : text
      let one = try side(text, first)
      let two = try side(query["second"].flatMap { $0.isEmpty ? nil : $0 } ?? same, second)
      let comparison = Comparison(first: one, second: two)
      let html = try first.withinMemory { try page.html(comparison) }
      return Response(type: MicroscopeSite.html, Data(html.utf8))
    } catch {
      let html = page.html(saying: "\(error)".withoutFolders)
      return Response(.unprocessable, type: MicroscopeSite.html, Data(html.utf8))
    }
  }

  /// A side; what is wrong with it is said with its network's name.
  private func side(_ text: String, _ microscope: Microscope) throws -> Comparison.Side {
    do {
      return try Comparison.Side(text, of: microscope)
    } catch {
      throw ComparisonError(model: microscope.title, reason: "\(error)")
    }
  }

  /// The network of an address; nil: the first.
  private func named(_ address: String?) throws -> Microscope {
    guard let address, !address.isEmpty else { return microscopes[0] }
    let parts = address.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
    guard let (microscope, rest) = try microscope(of: parts), rest.isEmpty else {
      throw NoSuchModelError(address: address)
    }
    return microscope
  }
}

/// What is wrong with one side of a comparison.
struct ComparisonError: Error, CustomStringConvertible {
  let model: String
  let reason: String

  var description: String { "\(model): \(reason)" }
}

/// An address that no network here has.
struct NoSuchModelError: Error, CustomStringConvertible {
  let address: String

  var description: String { "no network stands at “\(address)” here" }
}

/// A layer without channels to look at.
struct NoChannelsError: Error, CustomStringConvertible {
  let layer: String

  var description: String { "the layer \(layer) has no channels to look at" }
}
