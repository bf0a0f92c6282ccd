import Galleries
import Portraits
import Server

extension MicroscopeSite {
  private struct ShareEvent: Encodable {
    let share: Double
  }

  /// How long the folder's pictures are looked at for nobody, in seconds: who leaves a page opens another.
  private static let grace = 10.0

  /// Looks at the folder's pictures, unless that has been done; nil: there are none.
  func looking(_ request: Request) -> Response? {
    guard let natural = microscope.natural else { return nil }
    return events(request, grace: Self.grace) { broadcast in
      try natural.look(at: microscope.layers, keeping: microscope.cache) { share in
        try broadcast.check()
        broadcast.send("share", ShareEvent(share: share), isPassing: true)
      }
    }
  }
}

extension Microscope {
  /// What stands over a page while the folder's pictures are looked at, or why they cannot be; empty once they have been,
  /// and where there are none.
  var looking: String {
    guard let natural, !natural.isLookedAt else { return "" }
    if let failure = natural.failure {
      return """
        <p class="notice">The pictures could not be looked at: \(HTML.escaped("\(failure)".withoutFolders))</p>

        """
    }
    let words = "\(natural.files.count) pictures are being looked at"
    return """
      <p class="notice looking" hidden data-base="/\(HTML.escaped(address))">\(words)\(believed == nil ? "" : " as they are prepared here") \
      <progress max="1" value="0" aria-label="\(words)"></progress> <output aria-live="polite"></output></p>

      """
  }
}
