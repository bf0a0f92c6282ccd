import Foundation
import TestSupport
import Testing

@testable import Imaging

@Suite struct OccupantTests {
  private let texts = [
    PNGText(keyword: "Title", text: "cat"), PNGText(keyword: "Software", text: "visualize 0.1.0"),
    PNGText(keyword: "Model SHA-256", text: "abc"),
  ]

  @Test func whatIsThere() throws {
    let folder = try TemporaryFolder()
    let path = folder.path + "/x.png"
    let picture = Picture(width: 4, height: 4, filledWith: Color(0x123456))
    #expect(Occupant(at: path) == .nothing)
    #expect(Occupant(at: "/dev/null") == .nothing)
    try folder.file("x.png", [])
    #expect(Occupant(at: path) == .nothing)
    try folder.file("x.png", Array("text".utf8))
    #expect(Occupant(at: path) == .foreign)
    try picture.write(to: path)
    #expect(Occupant(at: path) == .foreign)
    try picture.write(to: path, texts: texts)
    let ours = Occupant(at: path)
    #expect(ours.isOf(title: "cat", modelHash: "abc"))
    #expect(!ours.isOf(title: "dog", modelHash: "abc"))
    #expect(!ours.isOf(title: "cat", modelHash: "abd"))
    try picture.write(to: path, texts: texts + [PNGText(keyword: "Gallery key", text: "k")])
    #expect(!Occupant(at: path).isOf(title: "cat", modelHash: "abc"))
  }

  @Test func aDamagedPictureOfOursIsKnownWhereverTheDamageIs() throws {
    let picture = Picture(width: 4, height: 4, filledWith: Color(0x123456))
    let folder = try TemporaryFolder()
    let bytes = try picture.png(texts: texts)
    var unknown = 0
    for place in bytes.indices {
      var damaged = bytes
      damaged[place] ^= 4
      let occupant = Occupant(at: try folder.file("x.png", damaged))
      if occupant != .damaged { unknown += 1 }
    }
    // Where the damage is in the mark itself, it may be anybody's.
    #expect(unknown == "Software\0visualize ".utf8.count)
    #expect(Occupant(at: try folder.file("x.png", bytes.dropLast(9))) == .damaged)
  }

  @Test func whatFollowsTheEndIsNoticedOfAFinishedFile() throws {
    let folder = try TemporaryFolder()
    let bytes = try Picture(width: 4, height: 4, filledWith: Color(0)).png(texts: texts)
    let path = try folder.file("x.png", bytes)
    #expect(try PNGText.texts(inFinishedFileAt: path) == texts)
    try folder.file("x.png", bytes + [0])
    #expect(throws: ImagingError.self) { try PNGText.texts(inFinishedFileAt: path) }
    // For reading alone it does no harm.
    #expect(try PNGText.texts(inFileAt: path) == texts)
  }
}
