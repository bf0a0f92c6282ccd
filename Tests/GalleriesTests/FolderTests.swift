import Files
import Foundation
import Imaging
import Networks
import Portraits
import TestSupport
import Testing
import Visualization

@testable import Galleries

/// Folders of pictures that a plan's pictures are to be like.
@Suite struct FolderTests {
  @Test("a picture is made again when one of the folder's pictures has changed, and only then")
  func contents() throws {
    let folder = try TemporaryFolder()
    func write(_ name: String, _ color: UInt32) throws {
      try folder.file(name, Picture(width: 8, height: 8, filledWith: Color(color)).png())
    }
    try write("a.png", 0x336699)
    try write("b.png", 0xFFCC00)
    let network = TinyNetwork.network()
    let items = try GalleryPlan(
      yaml: "defaults: {size: 24}\npictures:\n  - {unit: cat, like: \"\(folder.path)\"}"
    ).items(in: network)
    func key() throws -> String {
      var files = FileContents(labels: [])
      try files.read(items[0].recipe, of: items[0].subject)
      return items[0].key(network: network, software: "test", files: files)
    }
    let first = try key()
    #expect(try key() == first)
    try folder.file("notes.txt", Array("no picture".utf8))
    #expect(try key() == first)
    try write("b.png", 0xFFCC01)
    #expect(try key() != first)
    try write("b.png", 0xFFCC00)
    try write("a.png", 0x336699)
    #expect(try key() == first)
  }

  @Test("a folder of spectra has the hash that it always had, whatever else the folder is for")
  func spectrum() throws {
    let folder = try TemporaryFolder()
    var hashes = ""
    for (name, color) in [("a.png", 0x336699), ("b.png", 0xFFCC00)] as [(String, UInt32)] {
      let bytes = try Picture(width: 8, height: 8, filledWith: Color(color)).png()
      try folder.file(name, bytes)
      hashes += SHA256.hexadecimal(Data(bytes))
    }
    var recipe = Recipe()
    recipe.like = folder.path
    recipe.spectrum = folder.path
    let item = GalleryItem(Subject(NetworkUnit(.logit(0))), by: recipe)
    var files = FileContents(labels: [])
    try files.read(recipe, of: item.subject)
    #expect(files.spectra[folder.path] == SHA256.hexadecimal(Data(hashes.utf8)))
    let key = item.key(network: TinyNetwork.network(), software: "test", files: files)
    #expect(key.contains("spectrum=\(SHA256.hexadecimal(Data(hashes.utf8)))"))
  }
}
