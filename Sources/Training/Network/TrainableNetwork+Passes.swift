import Blocks
import CKernels
import Tensors

extension TrainableNetwork {
  /// Runs the network on pictures in 0…1, N×C×H×W.
  func forward(_ pictures: Tensor, mode: NormalizationMode) {
    begin(pictures, mode: mode)
    let values = parameters.values.pointer
    pool.run(steps.count) { i in
      if case .convolution(let convolution, _) = steps[i] {
        convolution.prepare(values + parameters.places[i].weights.lowerBound)
      }
    }
    pictures.withUnsafeBufferPointer { pictures in
      guard let first = pictures.baseAddress else { return }
      pool.run(count) { input.feed(first + $0 * input.shape.count, image: $0) }
    }
    for (i, step) in steps.enumerated() {
      let place = parameters.places[i]
      switch step {
      case .convolution(let convolution, let norm):
        forEachGroup(convolution) { images, thread in
          for image in images { finish(i - 1, image: image) }
          convolution.forward(
            images: images, weights: values + place.weights.lowerBound, thread: thread)
          if mode.usesBatch { for image in images { norm.gather(image: image) } }
        }
        norm.finishForward(count: count, place: place, values: values, mode: mode)
      case .dense(let dense):
        dense.forward(
          count: count, weights: values + place.weights.lowerBound,
          bias: values + place.shift.lowerBound, pool: pool)
      case .mean:
        pool.run(count) { image in
          finish(i - 1, image: image)
          mean(i, image: image)
        }
      }
    }
  }

  /// Shares out the images over the threads, as many at a time as suit a convolution.
  private func forEachGroup(
    _ convolution: ConvolutionStep, _ body: (_ images: Range<Int>, _ thread: Int) -> Void
  ) {
    let (count, step) = (count, convolution.imagesAtOnce(of: count))
    pool.run((count + step - 1) / step) { group, thread in
      body(group * step..<min((group + 1) * step, count), thread)
    }
  }

  /// Finishes a convolution's result: batch norm, residual, rectifier.
  private func finish(_ index: Int, image: Int) {
    guard index >= 0, case .convolution(_, let norm) = steps[index] else { return }
    let layer = layers[index]
    maps[index].value.zeroRing(image: image)
    norm.normalize(
      image: image, to: maps[index].value, addend: layer.addend.map { maps[$0].value },
      isRectified: layer.isRectified)
  }

  private func mean(_ index: Int, image: Int) {
    let (from, to) = (maps[index - 1].value, maps[index].value)
    kernel_channel_moments(
      from.kernelMap(image: image), to.kernelMap(image: image).data,
      scratch.pointer + image * to.blocks * 16, Int32(from.blocks), Int32(from.height),
      Int32(from.width))
  }

  /// Carries the gradient of the last layer's result back.
  ///
  /// - Parameters:
  ///   - toWeights: Whether the gradients of the parameters are wanted.
  ///   - toInput: Whether that of the pictures is.
  func backward(toWeights: Bool = true, toInput: Bool = false) {
    turnWeights()
    for i in layers.indices.reversed() {
      let isWanted = i > 0 || toInput
      switch steps[i] {
      case .convolution(let convolution, let norm):
        backward(i, convolution, norm, toWeights: toWeights, isWanted: isWanted)
      case .dense(let dense):
        backward(i, dense, toWeights: toWeights, isWanted: isWanted)
      case .mean:
        pool.run(count) { image in
          spread(i, image: image)
          gatherBack(i - 1, image: image)
        }
      }
    }
  }

  private func turnWeights() {
    pool.run(steps.count) { i in
      if case .convolution(let convolution, _) = steps[i] {
        convolution.turn(parameters.values.pointer + parameters.places[i].weights.lowerBound)
      }
    }
  }

  private func backward(
    _ i: Int, _ convolution: ConvolutionStep, _ norm: BatchNormStep, toWeights: Bool, isWanted: Bool
  ) {
    let gradients = parameters.gradients.pointer
    norm.finishBackward(
      count: count, place: parameters.places[i], gradients: gradients, mode: mode)
    forEachGroup(convolution) { images, thread in
      for image in images { norm.backward(image: image, gradient: maps[i].gradient) }
      guard isWanted else { return }
      if i == 0 {
        convolution.backward(images: images, to: input.gradientMap, thread: thread)
      } else {
        convolution.backward(
          images: images, to: maps[i - 1].gradient, addend: joins[i - 1].map { maps[$0].gradient },
          mask: layers[i - 1].isRectified ? maps[i - 1].value : nil, thread: thread)
        for image in images { gatherBack(i - 1, image: image) }
      }
    }
    if toWeights {
      convolution.weightGradient(
        count: count, into: gradients + parameters.places[i].weights.lowerBound, pool: pool)
    }
  }

  private func gatherBack(_ index: Int, image: Int) {
    guard mode.usesBatch, case .convolution(_, let norm) = steps[index] else { return }
    norm.gatherBack(image: image, gradient: maps[index].gradient)
  }

  private func backward(_ i: Int, _ dense: DenseStep, toWeights: Bool, isWanted: Bool) {
    let (place, gradient) = (parameters.places[i], maps[i].gradient)
    if toWeights {
      dense.weightGradient(
        count: count, from: gradient,
        into: parameters.gradients.pointer + place.weights.lowerBound,
        bias: parameters.gradients.pointer + place.shift.lowerBound, pool: pool)
    }
    if isWanted {
      dense.backward(
        count: count, weights: parameters.values.pointer + place.weights.lowerBound,
        from: gradient, to: i == 0 ? input.gradientMap : maps[i - 1].gradient,
        mask: i > 0 && layers[i - 1].isRectified ? maps[i - 1].value : nil, pool: pool)
    }
  }

  /// The way back from a mean: every pixel gets its share.
  private func spread(_ index: Int, image: Int) {
    let (from, to) = (maps[index].gradient, maps[index - 1].gradient)
    let value = maps[index - 1].value
    let lanes = from.blocks * 16
    let share = scratch.pointer + image * lanes
    guard let sum = from.kernelMap(image: image).data else { return }
    for lane in 0..<lanes { share[lane] = sum[lane] / Float(to.height * to.width) }
    var epilogue = kernel_epilogue.plain
    if layers[index - 1].isRectified { epilogue.mask = value.kernelMap(image: image) }
    kernel_scale_shift(
      value.kernelMap(image: image), to.kernelMap(image: image), zeros.pointer, share, &epilogue,
      Int32(to.blocks), Int32(to.height), Int32(to.width))
  }

  /// The gradient of the pictures that the last `backward` was asked for.
  func pictureGradient() -> Tensor {
    Tensor(Shape([count] + input.shape.dimensions)) { gradient in
      guard let first = gradient.baseAddress else { return }
      pool.run(count) { input.takeGradient(first + $0 * input.shape.count, image: $0) }
    }
  }
}
