import Testing

@testable import Imaging

@Suite struct LinePlotTests {
  @Test("Ticks stand at round numbers")
  func ticks() {
    let axis = LinePlot.Axis(.linear, of: [0.03, 0.97], range: nil)
    #expect(axis.ticks(atMost: 6).map(\.label) == ["0.0", "0.2", "0.4", "0.6", "0.8", "1.0"])
    let negative = LinePlot.Axis(.linear, of: [], range: -15...25)
    #expect(negative.ticks(atMost: 5).map(\.label) == ["−10", "0", "10", "20"])
    let large = LinePlot.Axis(.linear, of: [], range: 0...20_000)
    #expect(large.ticks(atMost: 2).map(\.label) == ["0", "10 000", "20 000"])
  }

  @Test("Logarithmic axes have powers of ten, and numbers if there is none among them")
  func logarithmic() {
    let wide = LinePlot.Axis(.logarithmic, of: [1e-7, 1, 0, -3], range: nil)
    #expect(wide.ticks(atMost: 4).map(\.exponent) == ["-7", "-5", "-3", "-1"])
    #expect(wide.place(of: 0) == nil && wide.place(of: 1).map { $0 > 0.9 && $0 < 1 } == true)
    let narrow = LinePlot.Axis(.logarithmic, of: [], range: 2...6)
    #expect(narrow.ticks(atMost: 4).map(\.label) == ["2", "3", "4", "5", "6"])
  }

  @Test("A line is where its points are")
  func line() {
    var plot = LinePlot("Title", x: "x", y: "y")
    plot.add("rising", [(0, 0), (1, 1), (2, .nan), (3, 3)], color: Color(0xFF0000), hasDots: true)
    let picture = plot.picture()
    #expect(picture.width == 960 && picture.height == 600)
    var reds: [(Int, Int)] = []
    for y in 200..<picture.height {
      for x in 0..<picture.width where picture[x: x, y: y] == Color(0xFF0000) {
        reds.append((x, y))
      }
    }
    let left = reds.filter { $0.0 < 480 }
    #expect(left.count > 400)
    // It rises: the leftmost ink is the lowest.
    #expect(left.min { $0.0 < $1.0 }?.1 ?? 0 > (left.max { $0.0 < $1.0 }?.1 ?? 0) + 100)
  }

  @Test("An empty plot, one point and equal points are drawn")
  func degenerate() {
    #expect(LinePlot().picture().width == 960)
    var plot = LinePlot(yScale: .logarithmic)
    plot.add("one", [(1, 1)])
    plot.add("", [(1, 1), (1, 1)])
    plot.add("", [(0, -1), (.infinity, 2)])
    #expect(plot.picture().height == 600)
  }

  @Test("The SVG file has the same marks")
  func svg() {
    var plot = LinePlot("a < b & c", x: "step", y: "loss")
    plot.add("one", [(0, 0), (1, 2), (2, 1)], hasDots: true)
    let svg = plot.svg
    #expect(svg.hasPrefix("<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"480\" height=\"300\""))
    #expect(svg.contains(">a &lt; b &amp; c</text>") && svg.contains(">step</text>"))
    // A line of three points and three dots.
    let paths = svg.matches(of: #/<path [^>]* d="([^"]*)" stroke="\#0072b2"/#)
    #expect(paths.count == 2)
    #expect(paths.first.map { $0.1.filter { $0 == "M" || $0 == "L" } } == "MLL")
    #expect(svg.matches(of: #/<text /#).count > 8 && svg.hasSuffix("</svg>\n"))
  }

  @Test("Plots one above the other")
  func stacked() {
    var (above, below) = (LinePlot("above"), LinePlot("below", height: 200))
    above.add("", [(0, 0), (1, 1)])
    below.add("", [(0, 1), (1, 0)])
    let both = [above, below].picture()
    #expect((both.width, both.height) == (960, 1000))
    #expect(both.cropped(x: 0, y: 0, width: 960, height: 600) == above.picture())
    #expect(both.cropped(x: 0, y: 600, width: 960, height: 400) == below.picture())
    let svg = [above, below].svg
    #expect(svg.contains("height=\"500\"") && svg.contains(">above<") && svg.contains(">below<"))
    #expect(svg.matches(of: #/<clipPath /#).count == 2)
  }
}
