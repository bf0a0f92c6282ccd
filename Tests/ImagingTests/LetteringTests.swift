import Testing

@testable import Imaging

@Suite struct LetteringTests {
  private func inked(_ text: String, _ lettering: Lettering, x: Double = 10) -> (
    columns: [Int], rows: [Int]
  ) {
    var picture = Picture(width: 600, height: 120)
    picture.draw(text, x: x, baseline: 60, color: .black, lettering: lettering)
    let dark = { (x: Int, y: Int) in picture[x: x, y: y].red < 200 }
    let columns = (0..<600).filter { x in (0..<120).contains { dark(x, $0) } }
    return (columns, (0..<120).filter { y in columns.contains { dark($0, y) } })
  }

  @Test(arguments: [9.0, 13, 26.5])
  func textIsAsWideAndHighAsItSays(_ size: Double) throws {
    let lettering = Lettering(size: size)
    let (columns, rows) = inked("HIH", lettering)
    let width = lettering.width(of: "HIH")
    // The side bearings of H are a tenth of an em.
    let first = try #require(columns.first)
    let last = try #require(columns.last)
    #expect(first >= 10 && Double(first) < 10 + 0.15 * size + 1)
    #expect(Double(last) < 10 + width && Double(last) > 10 + width - 0.15 * size - 2)
    #expect(rows.last == 59)
    #expect(abs(Double(rows.count) - lettering.capHeight) < 1.5)
  }

  @Test func aSemiboldTextIsWiderAndALargerOneInProportion() {
    let regular = Lettering(size: 20)
    let text = "layer3.0:17 (0.83)"
    #expect(Lettering(size: 20, weight: .semibold).width(of: text) > 1.02 * regular.width(of: text))
    #expect(abs(Lettering(size: 40).width(of: text) - 2 * regular.width(of: text)) < 0.1)
  }

  @Test func anchorsMoveTheText() throws {
    let lettering = Lettering(size: 20)
    var places: [Int] = []
    for anchor in [Picture.TextAnchor.start, .middle, .end] {
      var picture = Picture(width: 400, height: 60)
      picture.draw(
        "anchor", x: 200, baseline: 40, color: .black, lettering: lettering, anchor: anchor)
      places.append(
        try #require((0..<400).first { x in (0..<60).contains { picture[x: x, y: $0].red < 128 } }))
    }
    let width = lettering.width(of: "anchor")
    #expect(abs(Double(places[0] - places[1]) - width / 2) <= 1)
    #expect(abs(Double(places[0] - places[2]) - width) <= 1)
  }

  @Test func lettersHaveShapesOfTheirOwn() {
    let characters = (0x21...0x7E).map { Character(Unicode.Scalar(UInt8($0))) }
    let others: [Character] = ["…", "×", "→", "−", "é", "ß", "Ω", "Ж", "猫"]
    var shapes = Set<[UInt8]>()
    for character in characters + others {
      var picture = Picture(width: 40, height: 40)
      picture.draw(
        String(character), x: 4, baseline: 30, color: .black, lettering: Lettering(size: 20))
      shapes.insert(picture.bytes)
    }
    #expect(shapes.count == characters.count + others.count)
  }

  @Test("What the typeface lacks is a box; marks without end stay in their line")
  func otherScripts() {
    let lettering = Lettering(size: 20)
    #expect(inked("猫", lettering).columns == inked("犬", lettering).columns)
    #expect(inked("猫", lettering).columns.count > 5)
    #expect(inked("e\u{301}", lettering).rows == inked("é", lettering).rows)
    let piled = "e" + String(repeating: "\u{301}", count: 60)
    #expect(inked(piled, lettering).rows == inked("e", lettering).rows)
    #expect(lettering.width(of: piled) == lettering.width(of: "e"))
    #expect(lettering.width(of: "\u{200F}\u{202E}") == 0)
    #expect(inked("👩‍🚀", lettering).columns == inked("猫", lettering).columns)
    #expect(!inked("\u{1B}", lettering).columns.isEmpty)
  }

  @Test func textBeyondTheBorderIsCutOff() {
    var picture = Picture(width: 10, height: 5)
    picture.draw(
      "Wide and high", x: -7, baseline: 8, color: .black, lettering: Lettering(size: 20))
    picture.draw("below", x: 2, baseline: 90, color: .black, lettering: Lettering(size: 20))
    #expect(picture.bytes.contains { $0 < 128 })
  }

  @Test func aTextThatIsALittleTooWideIsSetSmaller() {
    let lettering = Lettering(size: 16, weight: .semibold)
    let name = "lrp-epsilon-alpha2-beta1-flat"
    let width = lettering.width(of: name)
    #expect(lettering.fitting(name, to: width) == lettering)
    for share in [0.71, 0.8, 0.95] {
      let smaller = lettering.fitting(name, to: share * width)
      #expect(smaller.weight == lettering.weight && smaller.size > 0.9 * share * lettering.size)
      #expect(smaller.shortened(name, to: share * width) == name)
    }
    #expect(lettering.fitting(name, to: width / 2).size == 0.7 * 16)
  }

  @Test func longTextsEndInAnEllipsis() {
    let lettering = Lettering(size: 10)
    #expect(lettering.shortened("tabby cat", to: 500) == "tabby cat")
    for room in stride(from: 12.0, to: 70, by: 3) {
      let short = lettering.shortened("tabby, tabby cat, and others", to: room)
      #expect(short.isEmpty || short.hasSuffix("…") && lettering.width(of: short) <= room)
    }
    #expect(lettering.shortened("tabby", to: 2).isEmpty)
    let lines = lettering.lines(of: "one two three four five six", in: 60, atMost: 2)
    #expect(lines.count == 2 && lines[1].hasSuffix("…"))
    #expect(lettering.lines(of: "one\ntwo", in: 600) == ["one", "two"])
  }
}
