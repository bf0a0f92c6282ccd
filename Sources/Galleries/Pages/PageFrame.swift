/// What all pages have: the head, the way back, and the foot.
package struct PageFrame {
  /// What stands in the browser's tab, and over the page.
  package let title: String
  /// One sentence for previews of links.
  package let description: String
  /// How many folders the page lies below the root.
  package let depth: Int
  /// The pages above it: a title and an address from the root.
  package var crumbs: [(title: String, address: String)] = []
  /// The picture for previews of links, from the root.
  package var image: String?
  /// Where the site will be, with a slash at its end; empty: not known.
  package var site = ""
  /// Whether nothing computes behind the page.
  package var isStatic = false
  /// What may be looked for, as an example.
  package var example = "a class, a layer, layer:17"
  /// What is to be known before anything else, as HTML.
  package var notice = ""
  /// What the page's script is to know, by attributes of the page.
  package var data: [(name: String, value: String)] = []

  /// Creates a frame for a page.
  ///
  /// - Parameters:
  ///   - title: What stands in the browser's tab, and over the page.
  ///   - description: One sentence for previews of links.
  ///   - depth: How many folders the page lies below the root.
  ///   - crumbs: The pages above it: a title and an address from the root.
  package init(
    title: String, description: String, depth: Int, crumbs: [(title: String, address: String)] = []
  ) {
    (self.title, self.description, self.depth, self.crumbs) = (title, description, depth, crumbs)
  }

  /// The way to the root.
  package var root: String { String(repeating: "../", count: depth) }

  /// The page.
  ///
  /// - Parameters:
  ///   - body: What stands between head and foot.
  ///   - software: What made it.
  /// - Returns: HTML.
  package func html(_ body: String, by software: String) -> String {
    let attributes =
      (isStatic ? " data-static" : "")
      + data.map { " data-\($0.name)=\"\(HTML.escaped($0.value))\"" }.joined()
    return """
      <!DOCTYPE html>
      <html lang="en">
      <head>
      <meta charset="utf-8">
      <meta name="viewport" content="width=device-width, initial-scale=1">
      <meta name="color-scheme" content="light dark">
      <meta name="generator" content="\(HTML.escaped(software))">
      <meta name="description" content="\(HTML.escaped(description))">
      <meta property="og:title" content="\(HTML.escaped(title))">
      <meta property="og:description" content="\(HTML.escaped(description))">
      \(image.map { "<meta property=\"og:image\" content=\"\(HTML.escaped(site.isEmpty ? root + $0 : site + $0))\">\n" } ?? "")\
      <title>\(HTML.escaped(title))</title>
      <link rel="icon" href="data:,">
      <link rel="stylesheet" href="\(root)assets/style.css">
      <script defer src="\(root)assets/script.js"></script>
      </head>
      <body data-root="\(root.isEmpty ? "./" : root)"\(attributes)>
      <a class="skip" href="#main">Skip to the content</a>
      <div class="top"><nav aria-label="Where you are">\(way)</nav>
      <form class="find" role="search" hidden><label for="words">Search</label>
      <input id="words" type="search" name="words" autocomplete="off" spellcheck="false" \
      placeholder="\(example)" aria-keyshortcuts="/" role="combobox" aria-expanded="false" \
      aria-controls="found" aria-autocomplete="list">
      <ul id="found" role="listbox" aria-label="Found" hidden></ul></form></div>
      <main id="main">
      \(notice)\(body)
      </main>
      <footer><p>\(HTML.escaped(software))</p></footer>
      </body>
      </html>

      """
  }

  /// Whether this program wrote a page.
  package static func isOurs(_ bytes: [UInt8]) -> Bool {
    String(decoding: bytes.prefix(1 << 16), as: UTF8.self)
      .contains(#"<meta name="generator" content="visualize "#)
  }

  private var way: String {
    let links = crumbs.map { "<a href=\"\(root)\($0.address)\">\(HTML.escaped($0.title))</a>" }
    return (links + ["<span aria-current=\"page\">\(HTML.escaped(title))</span>"])
      .joined(separator: "<span class=\"arrow\" aria-hidden=\"true\">›</span>")
  }
}

/// Parts that several pages have.
package enum PagePart {
  /// Facts side by side.
  package static func facts(_ facts: [(String, String)]) -> String {
    let rows = facts.map {
      "<div><dt>\(HTML.escaped($0.0))</dt><dd>\(HTML.escaped($0.1))</dd></div>"
    }
    return "<dl class=\"facts\">\(rows.joined())</dl>"
  }
}
