import Graphs
import Memory
import Networks
import Tensors
import TestSupport
import Testing

@testable import Portraits

/// Sounds in WAVE files.
@Suite struct WaveFileTests {
  private func bytes(_ number: Int, _ count: Int) -> [UInt8] {
    (0..<count).map { UInt8(truncatingIfNeeded: number >> (8 * $0)) }
  }

  private func file(
    format: Int = 1, channels: Int = 1, rate: Int = 8000, bits: Int, _ data: [UInt8],
    block: Int? = nil, size: Int? = nil, sub: Int? = nil
  ) -> [UInt8] {
    var description =
      bytes(format, 2) + bytes(channels, 2) + bytes(rate, 4) + bytes(0, 4)
      + bytes(block ?? channels * bits / 8, 2) + bytes(bits, 2)
    if let sub { description += bytes(22, 2) + bytes(bits, 2) + bytes(0, 4) + bytes(sub, 16) }
    // A chunk of odd length between, which is padded.
    let other = Array("note".utf8) + bytes(3, 4) + [1, 2, 3, 0]
    let body =
      Array("WAVEfmt ".utf8) + bytes(description.count, 4) + description + other
      + Array("data".utf8) + bytes(size ?? data.count, 4) + data
    return Array("RIFF".utf8) + bytes(body.count, 4) + body
  }

  private func read(_ file: [UInt8]) throws -> WaveFile {
    let folder = try TemporaryFolder()
    try folder.file("a.wav", file)
    return try WaveFile(contentsOf: "\(folder.path)/a.wav")
  }

  @Test("all widths, over half their range")
  func widths() throws {
    #expect(try read(file(bits: 8, [0, 128, 192])).samples.scalars == [-1, 0, 0.5])
    let words = bytes(-32768, 2) + bytes(16384, 2) + bytes(1, 2)
    #expect(try read(file(bits: 16, words)).samples.scalars == [-1, 0.5, 1 / 32768])
    let wide = bytes(-(1 << 23), 3) + bytes(1 << 22, 3)
    #expect(try read(file(bits: 24, wide)).samples.scalars == [-1, 0.5])
    let widest = bytes(-(1 << 31), 4) + bytes(3 << 29, 4)
    #expect(try read(file(format: 0xFFFE, bits: 32, widest, sub: 1)).samples.scalars == [-1, 0.75])
    let floats = [Float(0.25), -1.5].flatMap { bytes(Int($0.bitPattern), 4) }
    let sound = try read(file(format: 3, bits: 32, floats))
    #expect(sound.samples.scalars == [0.25, -1.5] && sound.encoding == "32-bit float")
    let doubles = bytes(Int(bitPattern: UInt(Double(-0.125).bitPattern)), 8)
    #expect(try read(file(format: 3, bits: 64, doubles)).samples.scalars == [-0.125])
  }

  @Test("channels lie side by side in the file; a network of one has their mean, in its own range")
  func channels() throws {
    let frames = [(16384, -16384), (8192, 8192)].flatMap { bytes($0, 2) + bytes($1, 2) }
    let folder = try TemporaryFolder()
    try folder.file("a.wav", file(channels: 2, rate: 44100, bits: 16, frames))
    let sound = try WaveFile(contentsOf: "\(folder.path)/a.wav")
    #expect(sound.samples == Tensor([2, 2], [0.5, 0.25, -0.5, 0.25]) && sound.rate == 44100)
    let graph = Graph(
      inputs: [Graph.Input(name: "x", dimensions: [1, 1, nil])], outputs: ["y"],
      nodes: [Node("Relu", inputs: ["x"], outputs: ["y"])])
    let network = try Network(graph: graph).takingPictures()
      .overriding(metadata: ["input.range": "-100,100"])
    let (input, words) = try StoredInput(contentsOf: "\(folder.path)/a.wav").fed(to: network)
    #expect(input.shape == [1, 1, 1, 2])
    #expect(zip(input.scalars, [0, 25]).allSatisfy { abs($0 - $1) < 1e-5 })
    #expect(words.contains("44100 Hz, 16-bit, 2 channels mixed; −1…1 becomes -100…100"))
  }

  @Test("more samples than there is room for are refused by name")
  func room() throws {
    let sound = file(bits: 16, [1, 2, 3, 4])
    let error = try #require(throws: WaveFileError.self) {
      try MemoryLimit.limited(to: 15) { try read(sound) }
    }
    #expect("\(error)".contains("a.wav needs 1 KB of memory") && error.isShortageOfMemory)
    let samples = try MemoryLimit.limited(to: 16) { try read(sound).samples }
    #expect(samples.count == 2)
  }

  @Test("what is no sound that can be read is refused by name and reason")
  func refused() throws {
    let cases: [([UInt8], String)] = [
      ([1, 2, 3], "no WAVE file"), (file(format: 7, bits: 8, [1]), "format 7"),
      (file(bits: 16, [1, 2, 3]), "ends within a sample"), (file(bits: 16, []), "no samples"),
      (file(channels: 0, bits: 16, [1, 2]), "0 channels"),
      (file(bits: 16, [1, 2], block: 7), "block size"),
      (file(bits: 16, [1, 2], size: 1 << 31), "declares 2147483648 bytes"),
      (Array(file(bits: 16, [1, 2]).prefix(30)), "ends within its description"),
      (file(format: 3, bits: 32, [0, 0, 0x80, 0x7F]), "infinite"),
    ]
    for (bytes, words) in cases {
      let error = try #require(throws: WaveFileError.self) { try read(bytes) }
      #expect("\(error)".contains("a.wav") && "\(error)".contains(words), "\(error)")
    }
  }

  @Test("there has to be memory for a sound while it is brought into the network's range")
  func memoryOfSounds() throws {
    let folder = try TemporaryFolder()
    try folder.file("a.wav", file(bits: 16, [UInt8](repeating: 7, count: 20_000)))
    let stored = try StoredInput(contentsOf: "\(folder.path)/a.wav")
    let network = Network(
      graph: Graph(
        inputs: [Graph.Input(name: "x", dimensions: [1, nil])], outputs: ["y"],
        nodes: [Node("Relu", inputs: ["x"], outputs: ["y"])])
    ).takingPictures()
    // 10,000 samples, five times four bytes each.
    try MemoryLimit.limited(to: 200_000) { _ = try stored.fed(to: network) }
    let error = try #require(throws: StoredInputError.self) {
      try MemoryLimit.limited(to: 199_999) { _ = try stored.fed(to: network) }
    }
    #expect("\(error)".contains("a.wav needs 200 KB of memory"), "\(error)")
    #expect(error.isShortageOfMemory)
    // How long it is is known before it is fed.
    let shape = try MemoryLimit.limited(to: 1) { try stored.shape(fedTo: network) }
    #expect(shape == [1, 1, 1, 10_000])
  }
}
