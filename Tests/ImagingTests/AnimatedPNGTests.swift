import Testing

@testable import Imaging

@Suite struct AnimatedPNGTests {
  private func picture(_ red: UInt8) -> Picture {
    var picture = Picture(width: 7, height: 5, filledWith: Color(red: red, green: 9, blue: 40))
    picture[x: 3, y: 2] = .white
    return picture
  }

  @Test("programs that know no animations read the first picture, with its texts")
  func first() throws {
    var animation = AnimatedPNG(width: 7, height: 5, milliseconds: 80)
    for red: UInt8 in [10, 200, 90] { try animation.append(picture(red)) }
    let file = try animation.png(texts: [PNGText(keyword: "Title", text: "cat")])
    #expect(try Picture(png: file) == picture(10))
    #expect(try PNGText.texts(in: file).map(\.text) == ["cat"])
  }

  @Test("the chunks are those of the specification, numbered without gaps")
  func chunks() throws {
    var animation = AnimatedPNG(width: 7, height: 5, milliseconds: 80)
    for red: UInt8 in [10, 200, 90] { try animation.append(picture(red)) }
    let file = try animation.png()
    let chunks = try PNGChunk.chunks(of: file, named: "it")
    #expect(
      chunks.map(\.type) == [
        "IHDR", "acTL", "fcTL", "IDAT", "fcTL", "fdAT", "fcTL", "fdAT", "IEND",
      ])
    func number(_ chunk: PNGChunk, _ index: Int) -> UInt32 {
      PNGChunk.bigEndian(file, at: chunk.data.lowerBound + 4 * index)
    }
    #expect(number(chunks[1], 0) == 3 && number(chunks[1], 1) == 0)
    let numbered = chunks.filter { ["fcTL", "fdAT"].contains($0.type) }
    #expect(numbered.map { number($0, 0) } == [0, 1, 2, 3, 4])
    let control = Array(file[chunks[4].data])
    #expect(
      control == [0, 0, 0, 1, 0, 0, 0, 7, 0, 0, 0, 5] + [UInt8](repeating: 0, count: 8)
        + [0, 80, 3, 232, 0, 0])
    // A later picture is there as it would be alone.
    let alone = try picture(200).png()
    let data = try PNGChunk.chunks(of: alone, named: "it").filter { $0.type == "IDAT" }
      .flatMap { alone[$0.data] }
    #expect(Array(file[chunks[5].data].dropFirst(4)) == data)
  }
}
