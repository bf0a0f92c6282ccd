import CKernels
import Foundation
import Tensors
import Testing

@Suite("Kernels: scalars and Fourier stages")
struct KernelScalarTests {
  @Test("sigmoid, wherever a scalar stands", arguments: [1, 16, 37])
  func sigmoid(count: Int) {
    let x = Memory<Float>(
      (0..<count).map { Float($0 - count / 2) * 6 + 0.3 } + [-200, 200, -88, 0.001])
    let y = Memory<Float>(count: x.count + 1, repeating: 7)
    var sigmoid = kernel_activation(function: KERNEL_SIGMOID, alpha: 0, beta: 0)
    forEachInstructionSet { name in
      kernel_activate_scalars(&sigmoid, x.pointer, nil, y.pointer, x.count)
      for i in 0..<x.count {
        let expected = 1 / (1 + exp(-Double(x.pointer[i])))
        // The exponential to 2 units in the last place, a sum and a quotient; tiny results are a reciprocal's.
        let error = abs(Double(y.pointer[i]) - expected)
        #expect(error <= 8 * roundingError * expected + 1e-38, "\(name) \(x.pointer[i])")
        var alone: Float = 0
        kernel_activate_scalars(&sigmoid, x.pointer + i, nil, &alone, 1)
        #expect(alone == y.pointer[i])
      }
      #expect(y.pointer[x.count] == 7)
    }
  }

  @Test("an optimizer's moments", arguments: [1, 16, 37])
  func moments(count: Int) {
    var random = SplitMix64(seed: 6)
    let start = (0..<3).map { _ in
      (0..<count).map { _ in Float.random(in: 0.1..<1, using: &random) }
    }
    let g = Memory<Float>((0..<count).map { _ in Float.random(in: -1..<1, using: &random) })
    var step = kernel_moments(
      mean_decay: 0.9, square_decay: 0.999, of_mean: 0.05, of_gradient: 0.01, kept: 0.99,
      root_scale: 1.3, epsilon: 1e-8)
    forEachInstructionSet { name in
      let (x, m, v) = (Memory(start[0]), Memory(start[1]), Memory(start[2]))
      kernel_update_moments(&step, x.pointer, m.pointer, v.pointer, g.pointer, count)
      for i in 0..<count {
        let gradient = Double(g.pointer[i])
        let (decay, squareDecay) = (Double(step.mean_decay), Double(step.square_decay))
        let mean = decay * Double(start[1][i]) + (1 - decay) * gradient
        let square = squareDecay * Double(start[2][i]) + (1 - squareDecay) * gradient * gradient
        let change =
          (Double(step.of_mean) * mean + Double(step.of_gradient) * gradient)
          / (Double(step.root_scale) * square.squareRoot() + Double(step.epsilon))
        let expected = Double(step.kept) * Double(start[0][i]) - change
        // Few roundings each of numbers below 2.
        #expect(abs(Double(m.pointer[i]) - mean) <= 4 * roundingError, "\(name)")
        #expect(abs(Double(v.pointer[i]) - square) <= 4 * roundingError, "\(name)")
        #expect(abs(Double(x.pointer[i]) - expected) <= 8 * roundingError, "\(name)")
      }
    }
  }

  /// Every radix, alone and among others, strides with and without a rest, and a length that has none of them.
  @Test("Fourier transform", arguments: [2, 3, 4, 5, 7, 11, 13, 24, 56, 143, 224, 17])
  func fourier(length: Int) {
    var random = SplitMix64(seed: 7)
    let x = Tensor.normal([length, 6], using: &random)
    forEachInstructionSet { name in
      let spectrum = x.rfft2()
      var worst = 0.0
      for k in 0..<length {
        for l in 0..<4 {
          var (re, im) = (0.0, 0.0)
          for y in 0..<length {
            for z in 0..<6 {
              let turns = Double(k * y % length) / Double(length) + Double(l * z) / 6
              re += Double(x.scalars[y * 6 + z]) * cos(2 * .pi * turns)
              im -= Double(x.scalars[y * 6 + z]) * sin(2 * .pi * turns)
            }
          }
          let scale = 1 / Double(6 * length).squareRoot()
          let at = 2 * (k * 4 + l)
          worst = max(
            worst, abs(Double(spectrum.scalars[at]) - re * scale),
            abs(Double(spectrum.scalars[at + 1]) - im * scale))
        }
      }
      // Of the order of 1: some roundings a stage, of sums that are not larger.
      #expect(worst <= 40 * roundingError, "\(name)")
    }
  }
}
