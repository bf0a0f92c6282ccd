import Tensors

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// How strong each frequency is in photographs, in decorrelated colours.
///
/// From the four free colour photographs of scikit-image (a cat by Stéfan van der Walt and coffee by Rachel
/// Michetti, CC0; an astronaut by NASA, public domain; a rocket by SpaceX, CC0) by
/// `Examples/photograph-spectrum.py`: mean magnitudes of the Fourier transforms of windows of 256×256 pixels.
enum PhotographSpectrum {
  /// The magnitude of every frequency, up to a factor.
  ///
  /// - Parameters:
  ///   - height: Of the pictures, in pixels.
  ///   - width: Of the pictures, in pixels.
  ///   - channels: How many; those after the third are like the first.
  /// - Returns: Shape (channels, height, width / 2 + 1); 0 for the mean.
  static func magnitude(height: Int, width: Int, channels: Int) -> Tensor {
    var scalars: [Float] = []
    for channel in 0..<channels {
      for row in 0..<height {
        let y = Double(row <= (height - 1) / 2 ? row : row - height) / Double(height)
        for column in 0...width / 2 {
          scalars.append(
            Float(magnitude(channel % 3, x: Double(column) / Double(width), y: abs(y))))
        }
      }
    }
    return Tensor([channels, height, width / 2 + 1], scalars)
  }

  /// At a frequency in cycles a pixel: between the cells of the table, and beyond its ends by its slope.
  private static func magnitude(_ channel: Int, x: Double, y: Double) -> Double {
    let frequency = (x * x + y * y).squareRoot()
    guard frequency > 0 else { return 0 }
    let (radius, radial) = place(
      (log2(frequency) - lowest) / octavesARow, of: rows, extrapolating: true)
    let (angle, angular) = place(
      atan2(y, x) * 180 / .pi / degreesAColumn, of: columns, extrapolating: false)
    func cell(_ row: Int, _ column: Int) -> Double {
      Double(table[(channel * rows + row) * columns + column])
    }
    func between(_ row: Int) -> Double {
      cell(row, angle) * (1 - angular) + cell(row, angle + 1) * angular
    }
    return exp2(between(radius) * (1 - radial) + between(radius + 1) * radial)
  }

  /// The cell before a place and how far it is to the next, in cells.
  private static func place(
    _ place: Double, of count: Int, extrapolating: Bool
  ) -> (cell: Int, share: Double) {
    let held = extrapolating ? place : min(max(place, 0), Double(count - 1))
    let cell = min(max(Int(held.rounded(.down)), 0), count - 2)
    return (cell, held - Double(cell))
  }

  /// log2 of the first row's frequency in cycles a pixel.
  private static let lowest = -6.0
  private static let octavesARow = 0.5
  private static let degreesAColumn = 15.0
  private static let (rows, columns) = (12, 7)

  /// log2 of the magnitude: for each channel a row for half an octave, a column for every 15° from the
  /// horizontal.
  private static let table: [Float] = [
    0.00, -0.11, -0.34, -0.45, -0.41, -0.45, -0.51,
    -0.63, -0.86, -1.03, -1.08, -1.09, -1.03, -0.97,
    -1.32, -1.58, -1.70, -1.72, -1.77, -1.70, -1.71,
    -1.92, -2.34, -2.51, -2.50, -2.52, -2.37, -2.29,
    -2.66, -3.04, -3.17, -3.22, -3.25, -3.06, -2.92,
    -3.43, -3.75, -3.80, -3.87, -3.95, -3.86, -3.65,
    -4.10, -4.43, -4.52, -4.55, -4.67, -4.61, -4.41,
    -4.73, -5.06, -5.23, -5.26, -5.39, -5.31, -5.17,
    -5.49, -5.79, -5.92, -6.02, -6.10, -6.04, -5.99,
    -6.28, -6.57, -6.70, -6.70, -6.79, -6.77, -6.74,
    -6.71, -7.03, -7.31, -7.41, -7.38, -7.23, -7.19,
    -7.06, -7.33, -7.62, -7.76, -7.66, -7.48, -7.21,
    0.62, 0.28, -0.01, -0.28, -0.39, -0.48, -0.56,
    -0.24, -0.56, -0.79, -0.89, -1.04, -1.14, -1.18,
    -1.05, -1.28, -1.53, -1.67, -1.80, -1.90, -1.89,
    -1.72, -2.14, -2.38, -2.46, -2.39, -2.35, -2.34,
    -2.49, -3.01, -3.16, -3.17, -3.20, -3.27, -3.25,
    -3.24, -3.76, -3.86, -3.81, -3.98, -4.05, -4.00,
    -3.92, -4.43, -4.59, -4.53, -4.60, -4.66, -4.64,
    -4.67, -5.13, -5.25, -5.27, -5.38, -5.41, -5.43,
    -5.34, -5.87, -5.91, -5.96, -6.06, -6.11, -6.10,
    -6.14, -6.58, -6.63, -6.59, -6.68, -6.75, -6.74,
    -6.59, -7.07, -7.26, -7.30, -7.29, -7.18, -7.13,
    -7.10, -7.41, -7.64, -7.76, -7.59, -7.36, -7.20,
    -0.19, -0.45, -0.65, -0.85, -0.97, -1.09, -1.17,
    -1.12, -1.31, -1.49, -1.63, -1.82, -1.97, -2.03,
    -1.92, -2.02, -2.11, -2.22, -2.33, -2.47, -2.37,
    -2.47, -2.67, -2.74, -2.89, -3.09, -3.10, -2.97,
    -3.20, -3.45, -3.38, -3.46, -3.61, -3.64, -3.52,
    -3.84, -4.08, -4.01, -4.11, -4.23, -4.18, -4.00,
    -4.46, -4.62, -4.70, -4.75, -4.83, -4.83, -4.71,
    -5.15, -5.26, -5.31, -5.35, -5.44, -5.45, -5.37,
    -5.66, -5.82, -5.87, -5.96, -5.95, -5.98, -5.95,
    -6.18, -6.35, -6.42, -6.44, -6.47, -6.49, -6.47,
    -6.42, -6.67, -6.82, -6.86, -6.80, -6.74, -6.69,
    -6.62, -6.89, -7.04, -7.10, -6.98, -6.87, -6.70,
  ]
}
