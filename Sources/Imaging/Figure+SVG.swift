extension Figure {
  /// The drawing as the text of an SVG file; it needs nothing beside it.
  var svg: String {
    var clips: [Area] = []
    let body = marks.map { mark in
      switch mark {
      case .fill(let color, let area):
        return
          "<rect \(Self.attributes(area)) fill=\"\(color.hexadecimal)\"/>"
      case .strokes(let strokes, let color, let area):
        let index = clips.firstIndex(of: area) ?? clips.count
        if index == clips.count { clips.append(area) }
        return Self.paths(strokes).map { width, path in
          "<path clip-path=\"url(#clip\(index))\" d=\"\(path)\" stroke=\"\(color.hexadecimal)\" "
            + "stroke-width=\"\(width.short)\" fill=\"none\" stroke-linecap=\"round\" "
            + "stroke-linejoin=\"round\"/>"
        }.joined(separator: "\n")
      case .text(let text, let x, let baseline, let lettering, let color, let anchor):
        return
          "<text x=\"\(x.short)\" y=\"\(baseline.short)\" font-size=\"\(lettering.size.short)\" "
          + "font-weight=\"\(lettering.weight == .regular ? 400 : 600)\" "
          + "text-anchor=\"\(anchor)\" fill=\"\(color.hexadecimal)\">\(text.escapedForXML)</text>"
      }
    }
    let definitions = clips.enumerated().map { index, area in
      "<clipPath id=\"clip\(index)\"><rect \(Self.attributes(area))/></clipPath>"
    }
    let page = Area(left: 0, top: 0, width: width, height: height)
    let lines =
      [
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"\(width.short)\" "
          + "height=\"\(height.short)\" viewBox=\"0 0 \(width.short) \(height.short)\" "
          + "font-family=\"Inter, Helvetica, Arial, sans-serif\">"
      ]
      + (definitions.isEmpty ? [] : ["<defs>\(definitions.joined())</defs>"])
      + ["<rect \(Self.attributes(page)) fill=\"\(background.hexadecimal)\"/>"] + body + ["</svg>"]
    return lines.joined(separator: "\n") + "\n"
  }

  private static func attributes(_ area: Area) -> String {
    "x=\"\(area.left.short)\" y=\"\(area.top.short)\" width=\"\(area.width.short)\" "
      + "height=\"\(area.height.short)\""
  }

  /// Strokes of one width as one path; those that go on where the last one ended are joined.
  private static func paths(_ strokes: [Picture.Stroke]) -> [(width: Double, path: String)] {
    var paths: [(width: Double, path: String)] = []
    var pen: (x: Double, y: Double)?
    for stroke in strokes {
      if paths.last?.width != stroke.width {
        paths.append((stroke.width, ""))
        pen = nil
      }
      if pen.map({ $0 != stroke.from }) ?? true {
        paths[paths.count - 1].path += "M\(stroke.from.x.short) \(stroke.from.y.short)"
      }
      paths[paths.count - 1].path += "L\(stroke.to.x.short) \(stroke.to.y.short)"
      pen = stroke.to
    }
    return paths
  }
}

extension Double {
  /// At most two places after the point.
  fileprivate var short: String {
    let hundredths = Int((self * 100).rounded())
    let sign = hundredths < 0 ? "-" : ""
    let (whole, rest) = (abs(hundredths) / 100, abs(hundredths) % 100)
    if rest == 0 { return "\(sign)\(whole)" }
    let zero = rest < 10 ? "0" : ""
    return "\(sign)\(whole)." + (rest % 10 == 0 ? "\(rest / 10)" : "\(zero)\(rest)")
  }
}

extension Color {
  /// `#RRGGBB`.
  var hexadecimal: String {
    "#"
      + [red, green, blue].map { channel in
        let digits = String(channel, radix: 16)
        return digits.count == 1 ? "0\(digits)" : digits
      }.joined()
  }
}

extension String {
  /// The text as it stands between tags; what XML cannot hold is left out.
  fileprivate var escapedForXML: String {
    var escaped = ""
    for scalar in unicodeScalars {
      switch scalar {
      case "&": escaped += "&amp;"
      case "<": escaped += "&lt;"
      case ">": escaped += "&gt;"
      case "\u{0}"..<"\u{20}", "\u{FFFE}", "\u{FFFF}": break
      default: escaped.unicodeScalars.append(scalar)
      }
    }
    return escaped
  }
}
