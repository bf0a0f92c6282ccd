public import Imaging
public import Networks
import Portraits
import Tensors
public import Visualization

extension Explainer {
  /// Prepares a network for what is like a file: of its extents, and fed in the same way.
  ///
  /// - Parameters:
  ///   - network: The network.
  ///   - file: The first of what is explained.
  ///   - size: The size that photographs are brought to, the length that signals are; nil: the network's, and of
  ///     numbers their own where the file leaves it open.
  ///   - fit: How photographs of other proportions are brought to that size; a signal is cut to its middle, or has
  ///     zeros put around it (`pad`).
  ///   - threads: How many threads share the work.
  /// - Throws: `PictureError`, `NetworkError`, `StoredInputError`.
  public init(
    _ network: Network, for file: ExplainedFile, size: PictureSize? = nil,
    fit: Framing.Fit = .crop, threads: Int = processorCount
  ) throws {
    guard case .numbers(let stored) = file else {
      try self.init(network, size: size, fit: fit, threads: threads)
      return
    }
    let network = try stored.fitting(network)
    let own = try stored.shape(fedTo: network)
    let declared = network.form == .signal ? network.fixedSize.width : nil
    let width = network.form == .signal ? size?.width ?? declared ?? own[3] : own[3]
    // A recording is cut or padded before the network gets it.
    try network.checkRoom(for: [own[0], own[1], own[2], width])
    if let size, network.form != .signal, size != PictureSize(height: own[2], width: own[3]) {
      throw StoredInputError(file: stored.path, reason: .size)
    }
    try self.init(
      network, of: PictureSize(height: own[2], width: width), fit: fit, threads: threads,
      isOfNumbers: true)
  }

  /// What a file has as the network's input, and what the network sees there.
  ///
  /// - Parameters:
  ///   - file: What is explained.
  ///   - name: What it is called: its file, as a person wrote it.
  /// - Returns: It with its classes and how it is drawn, and words on what became of it; nil of a photograph.
  /// - Throws: `NetworkError`; `StoredInputError` for other extents than those that were prepared for.
  public func photograph(
    _ file: ExplainedFile, named name: String
  ) throws -> (photograph: Photograph, words: String?) {
    switch file {
    case .picture(let picture): (try photograph(picture, named: name), nil)
    case .numbers(let stored): try photograph(stored, named: name)
    }
  }

  private func photograph(
    _ stored: StoredInput, named name: String
  ) throws -> (photograph: Photograph, words: String?) {
    guard isOfNumbers else { throw StoredInputError(file: name, reason: .mixed) }
    // Of a volume the network has the slices of the first array.
    if case .volume(let own) = try stored.fitting(network).form,
      case .volume(let first) = network.form, own.depth != first.depth
    {
      throw StoredInputError(
        file: name, reason: .extents("of \(own.depth) slices", others: "of \(first.depth)"))
    }
    var (input, words) = try stored.fed(to: network)
    if network.form == .signal, input.shape[3] != size.width {
      let length = input.shape[3]
      guard length >= size.width || fit == .pad else {
        throw StoredInputError(file: name, reason: .short(length, wanted: size.width))
      }
      input = cutToSize(input)
      words +=
        length > size.width
        ? "; the network is shown the middle \(size.width)"
        : "; with zeros around them to \(size.width)"
    }
    guard input.shape[2] == size.height, input.shape[3] == size.width else {
      throw StoredInputError(
        file: name,
        reason: .extents(
          "\(input.shape[3])×\(input.shape[2])", others: "\(size.width)×\(size.height)"))
    }
    let picture = InputDrawing(input, form: network.form).picture()
    return (
      Photograph(
        name: name, picture: picture,
        framing: Framing(
          picture, width: picture.width, height: picture.height, fit: .stretch),
        input: input,
        classes: try network.classes(of: input, shapes: shapes, feed: feed, threads: threads),
        labels: network.labels, form: network.form,
        axes: network.inputAxes), words
    )
  }

  /// A signal's middle, or the signal with zeros around it.
  private func cutToSize(_ input: Tensor) -> Tensor {
    let (length, bands) = (input.shape[3], input.shape[1])
    guard length < size.width else {
      let first = (length - size.width) / 2
      return input.sliced([0..<1, 0..<bands, 0..<1, first..<first + size.width])
    }
    let before = (size.width - length) / 2
    return Tensor.concatenate(
      [
        Tensor([1, bands, 1, before]), input,
        Tensor([1, bands, 1, size.width - length - before]),
      ], alongAxis: 3)
  }
}
