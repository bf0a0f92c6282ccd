import Files
import Foundation
public import Memory
public import Tensors

/// Sound from a WAVE file: PCM of 8, 16, 24 or 32 bits, or floats of 32 or 64.
///
/// Source: IBM and Microsoft, "Multimedia Programming Interface and Data Specifications 1.0", 1991; format 0xFFFE:
/// Microsoft, "Multiple Channel Audio Data and WAVE Files", 2007.
public struct WaveFile: Sendable {
  /// The samples, channels × length: PCM over half its range, so that it lies in −1…1.
  public let samples: Tensor
  /// Samples of a channel in a second.
  public let rate: Int
  /// How a number lies there: `16-bit`, `32-bit float`.
  public let encoding: String

  /// The most samples of all channels together: a gigabyte of them.
  private static let most = 1 << 28

  /// Reads a file.
  ///
  /// - Throws: `WaveFileError` for what is no such file, `FileError` for what cannot be read.
  public init(contentsOf path: String) throws {
    let bytes = Data(try readFile(at: path))
    do throws(WaveReason) {
      self = try Self(bytes)
    } catch {
      throw WaveFileError(
        file: path, reason: error.words, isShortageOfMemory: error.isShortageOfMemory)
    }
  }

  /// Takes the bytes of a file.
  private init(_ bytes: Data) throws(WaveReason) {
    guard bytes.count >= 12, bytes.tag(at: 0) == "RIFF", bytes.tag(at: 8) == "WAVE" else {
      throw WaveReason("is no WAVE file; save it as PCM, for example by ffmpeg -i FILE sound.wav")
    }
    var format: Format?
    var place = 12
    while place + 8 <= bytes.count {
      let (tag, size) = (bytes.tag(at: place), bytes.number(at: place + 4, bytes: 4))
      let body = place + 8
      if tag == "fmt " {
        guard size >= 16, body + size <= bytes.count else {
          throw WaveReason("ends within its description")
        }
        format = try Format(bytes, at: body, size: size)
      } else if tag == "data" {
        guard let format else { throw WaveReason("has its samples before their description") }
        let frame = format.channels * format.bytes
        // A program that was stopped while it wrote leaves a size of 0 or of everything.
        let held = bytes.count - body
        guard size <= held else {
          throw WaveReason("declares \(size) bytes of sound and holds \(held)")
        }
        guard size >= frame else { throw WaveReason("has no samples") }
        guard size % frame == 0 else { throw WaveReason("ends within a sample") }
        guard size / format.bytes <= Self.most else {
          throw WaveReason("has \(size / format.bytes) samples; \(Self.most) are the most")
        }
        if let reason = MemoryLimit.lackOfRoom(forNumbers: size / format.bytes) {
          throw WaveReason(reason, isShortageOfMemory: true)
        }
        (rate, encoding) = (format.rate, format.inWords)
        samples = try format.samples(bytes, at: body, count: size / frame)
        return
      }
      // Chunks begin at even places.
      place = body + size + size % 2
    }
    throw WaveReason("has no samples")
  }

  /// How the samples lie in the file.
  private struct Format {
    let isFloat: Bool
    let channels: Int
    let rate: Int
    let bytes: Int

    init(_ data: Data, at place: Int, size: Int) throws(WaveReason) {
      var code = data.number(at: place, bytes: 2)
      channels = data.number(at: place + 2, bytes: 2)
      rate = data.number(at: place + 4, bytes: 4)
      let bits = data.number(at: place + 14, bytes: 2)
      if code == 0xFFFE, size >= 26 { code = data.number(at: place + 24, bytes: 2) }
      isFloat = code == 3
      guard code == 1 && [8, 16, 24, 32].contains(bits) || code == 3 && [32, 64].contains(bits)
      else {
        throw WaveReason(
          "holds sound of format \(code) with \(bits) bits; save it as PCM of 16 bits")
      }
      bytes = bits / 8
      guard channels >= 1, rate >= 1 else {
        throw WaveReason("has \(channels) channels at \(rate) Hz")
      }
      guard data.number(at: place + 12, bytes: 2) == channels * bytes else {
        throw WaveReason("does not say how long a sample is: its block size does not fit")
      }
    }

    var inWords: String { "\(8 * bytes)-bit" + (isFloat ? " float" : "") }

    func samples(
      _ data: Data, at place: Int, count: Int
    ) throws(WaveReason) -> Tensor {
      var result = [Float](repeating: 0, count: channels * count)
      for index in 0..<count {
        for channel in 0..<channels {
          result[channel * count + index] = sample(
            data, at: place + (index * channels + channel) * bytes)
        }
      }
      guard result.allSatisfy(\.isFinite) else {
        throw WaveReason("holds numbers that are infinite or not numbers")
      }
      return Tensor([channels, count], result)
    }

    private func sample(_ data: Data, at place: Int) -> Float {
      let bits = data.wideNumber(at: place, bytes: bytes)
      switch (isFloat, bytes) {
      case (true, 4): return Float(bitPattern: UInt32(truncatingIfNeeded: bits))
      case (true, _): return Float(Double(bitPattern: bits))
      // Bytes have 128 for silence.
      case (false, 1): return (Float(bits) - 128) / 128
      default:
        let unused = 64 - 8 * bytes
        let signed = Int64(bitPattern: bits << UInt64(unused)) >> Int64(unused)
        return Float(Double(signed) / Double(Int64(1) << Int64(8 * bytes - 1)))
      }
    }
  }
}

extension Data {
  /// Four letters.
  fileprivate func tag(at place: Int) -> String {
    String(decoding: self[startIndex + place..<startIndex + place + 4], as: UTF8.self)
  }

  /// A whole number of up to four bytes, the lowest first.
  fileprivate func number(at place: Int, bytes: Int) -> Int {
    Int(wideNumber(at: place, bytes: bytes))
  }

  /// The bits of up to eight bytes, the lowest first.
  fileprivate func wideNumber(at place: Int, bytes: Int) -> UInt64 {
    (0..<bytes).reduce(0) { $0 | UInt64(self[startIndex + place + $1]) << UInt64(8 * $1) }
  }
}

/// What is wrong, before the file's name is known.
private struct WaveReason: Error {
  let words: String
  let isShortageOfMemory: Bool

  init(_ words: String, isShortageOfMemory: Bool = false) {
    (self.words, self.isShortageOfMemory) = (words, isShortageOfMemory)
  }
}

/// Why a file is no sound.
public struct WaveFileError: ShortageOfMemory, Hashable, CustomStringConvertible {
  /// The file.
  public let file: String
  /// What is wrong with it.
  public let reason: String
  /// Whether there was no room for it.
  public internal(set) var isShortageOfMemory = false
  /// What is wrong and what to do.
  public var description: String { "\(file) \(reason)" }
}
