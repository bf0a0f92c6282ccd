import CFreeType
import CTypefaces
import Synchronization

/// FreeType's faces of the typefaces that ship, and the glyphs that were drawn so far.
///
/// Glyphs are not hinted, so that they look alike at every size and FreeType's version matters little; they
/// stand at quarters of a pixel.
struct Typefaces {
  /// FreeType's faces may be used by one thread at a time.
  static let shared = Mutex(Typefaces())

  /// The share of ink in each pixel of a glyph.
  struct Glyph {
    /// From the pen to the left edge, in pixels.
    let left: Int
    /// From the base line to the top edge, upwards, in pixels.
    let top: Int
    let width: Int
    /// Rows from the top, each of `width` bytes: 255 is full ink.
    let coverage: [UInt8]
  }

  private struct Key: Hashable {
    let lettering: Lettering
    let scalar: Unicode.Scalar
    let quarter: Int
  }

  private let regular: FT_Face
  private let semibold: FT_Face
  private var glyphs: [Key: Glyph] = [:]
  private var advances: [Key: Double] = [:]
  /// The lettering that each face is set to.
  private var sizes: [Lettering.Weight: Double] = [:]

  private init() {
    var library: FT_Library?
    func check(_ error: FT_Error) {
      precondition(error == 0, "FreeType cannot open the typeface that ships: error \(error)")
    }
    check(FT_Init_FreeType(&library))
    func face(_ bytes: UnsafePointer<UInt8>, _ count: Int) -> FT_Face {
      var face: FT_Face?
      check(FT_New_Memory_Face(library, bytes, count, 0, &face))
      guard let face else { preconditionFailure("FreeType opened no face") }
      return face
    }
    regular = face(typeface_regular, typeface_regular_size)
    semibold = face(typeface_semibold, typeface_semibold_size)
  }

  /// How far the pen moves on, in pixels.
  mutating func advance(of scalar: Unicode.Scalar?, in lettering: Lettering) -> Double {
    guard let scalar else { return 0 }
    let key = Key(lettering: lettering, scalar: scalar, quarter: 0)
    if let advance = advances[key] { return advance }
    let face = load(scalar, in: lettering)
    // Unhinted advances, in 1/65536 of a pixel.
    let advance = Double(face.pointee.glyph.pointee.linearHoriAdvance) / 65536
    if advances.count > 10_000 { advances = [:] }
    advances[key] = advance
    return advance
  }

  /// A character's glyph with its pen some quarters of a pixel to the right.
  mutating func glyph(
    of scalar: Unicode.Scalar, in lettering: Lettering, quarter: Int
  ) -> Glyph {
    let key = Key(lettering: lettering, scalar: scalar, quarter: quarter)
    if let glyph = glyphs[key] { return glyph }
    let slot = load(scalar, in: lettering).pointee.glyph
    guard let slot else { preconditionFailure("FreeType loaded no glyph") }
    FT_Outline_Translate(&slot.pointee.outline, FT_Pos(quarter * 16), 0)
    precondition(
      FT_Render_Glyph(slot, FT_RENDER_MODE_NORMAL) == 0, "FreeType cannot draw \(scalar)")
    let bitmap = slot.pointee.bitmap
    let (width, rows) = (Int(bitmap.width), Int(bitmap.rows))
    var coverage: [UInt8] = []
    coverage.reserveCapacity(width * rows)
    if let buffer = bitmap.buffer {
      for row in 0..<rows {
        coverage += UnsafeBufferPointer(start: buffer + row * Int(bitmap.pitch), count: width)
      }
    }
    let glyph = Glyph(
      left: Int(slot.pointee.bitmap_left), top: Int(slot.pointee.bitmap_top), width: width,
      coverage: coverage)
    if glyphs.count > 10_000 { glyphs = [:] }
    glyphs[key] = glyph
    return glyph
  }

  /// Loads an outline; the box that stands for what is missing where the face lacks it.
  private mutating func load(_ scalar: Unicode.Scalar, in lettering: Lettering) -> FT_Face {
    let face = lettering.weight == .regular ? regular : semibold
    if sizes[lettering.weight] != lettering.size {
      let size = FT_F26Dot6((lettering.size * 64).rounded())
      precondition(
        FT_Set_Char_Size(face, 0, size, 72, 72) == 0, "FreeType has no size \(lettering.size)")
      sizes[lettering.weight] = lettering.size
    }
    let index = FT_Get_Char_Index(face, FT_ULong(scalar.value))
    precondition(
      FT_Load_Glyph(face, index, FT_Int32(FT_LOAD_NO_HINTING | FT_LOAD_NO_BITMAP)) == 0,
      "FreeType cannot load \(scalar)")
    return face
  }
}
