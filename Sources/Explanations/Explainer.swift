public import Attribution
public import Imaging
public import Networks
import Objectives
public import Portraits
public import Tensors
public import Visualization

/// A network with everything that is the same for all of its explanations: one road to a map.
///
/// ```swift
/// let explainer = try Explainer(network)
/// let photograph = try explainer.photograph(Picture(contentsOf: "cat.jpg"), named: "cat.jpg")
/// let subject = try explainer.subject(.unit("cat"))
/// let map = try explainer.map(of: subject, in: photograph, by: ConfiguredMethod(.gradCAM))
/// ```
public struct Explainer: Sendable {
  /// The network.
  public let network: Network
  /// The size that photographs are brought to.
  public let size: PictureSize
  /// How photographs of other proportions are brought to that size.
  public let fit: Framing.Fit
  /// How many threads share the work; no result depends on it.
  public private(set) var threads: Int
  /// What the network's `shapes(inputShape:)` returned.
  public let shapes: [String: Shape]
  /// Whether numbers are explained, as the network takes them, and not photographs.
  public let isOfNumbers: Bool

  /// Prepares a network.
  ///
  /// - Parameters:
  ///   - network: The network.
  ///   - size: The size that photographs are brought to; nil: the network's.
  ///   - fit: How photographs of other proportions are brought to that size.
  ///   - threads: How many threads share the work.
  /// - Throws: `PictureError` for a network that takes no pictures, `NetworkError`.
  public init(
    _ network: Network, size: PictureSize? = nil, fit: Framing.Fit = .crop,
    threads: Int = processorCount
  ) throws {
    try self.init(
      network, of: network.pictureSize(size), fit: fit, threads: threads, isOfNumbers: false)
  }

  /// Prepares a network for inputs of one size, photographs or numbers.
  init(
    _ network: Network, of size: PictureSize, fit: Framing.Fit, threads: Int, isOfNumbers: Bool
  ) throws {
    try network.checkTakesPictures()
    (self.network, self.fit, self.threads) = (network, fit, threads)
    (self.size, self.isOfNumbers) = (size, isOfNumbers)
    shapes = try network.shapes(inputShape: network.inputShape(size: self.size))
  }

  /// The same with other threads, whose shapes need not be found once more.
  ///
  /// - Parameter threads: How many threads share the work.
  /// - Returns: The explainer.
  public func with(threads: Int) -> Explainer {
    var explainer = self
    explainer.threads = threads
    return explainer
  }

  /// What is fed to the network: pictures, or its own numbers.
  public var feed: Network.Feed { isOfNumbers ? .raw : .picture(network.preparation) }

  /// Which part of a picture the network is shown, and how.
  package func framing(of picture: Picture) -> Framing {
    Framing(picture, width: size.width, height: size.height, fit: fit)
  }

  /// Brings a photograph to the network's size and asks what it sees there.
  ///
  /// - Parameters:
  ///   - picture: The photograph.
  ///   - name: What it is called: its file, as a person wrote it.
  /// - Returns: The photograph with its classes.
  /// - Throws: `NetworkError`; `StoredInputError` where numbers are explained.
  public func photograph(_ picture: Picture, named name: String) throws -> Photograph {
    guard !isOfNumbers else { throw StoredInputError(file: name, reason: .mixed) }
    let framing = framing(of: picture)
    let input = try network.input(framing.framed(picture), size: size)
    return Photograph(
      name: name, picture: picture, framing: framing, input: input,
      classes: try network.classes(of: input, shapes: shapes, feed: feed, threads: threads),
      labels: network.labels)
  }

  /// Finds what people ask for in the network.
  ///
  /// - Throws: `UnitError`, `NetworkError` or `ExpressionError`, with the nearest names, the range or the place.
  public func subject(_ request: Subject.Request) throws -> SaliencyMap.Subject {
    SaliencyMap.Subject(try Subject(request, in: network, shapes: shapes))
  }

  /// The surest classes of a photograph.
  ///
  /// - Parameters:
  ///   - count: How many.
  ///   - photograph: The photograph.
  /// - Returns: At most as many as there are classes.
  /// - Throws: `UnitError.noLogits`, `.embedding` or `.points` where the network is no classifier.
  public func top(_ count: Int, of photograph: Photograph) throws -> [SaliencyMap.Subject] {
    if photograph.classes.isEmpty { try network.requireClasses("the top class", in: shapes) }
    return photograph.classes.prefix(count).map {
      SaliencyMap.Subject(Subject(network.classUnit($0.index, in: shapes)))
    }
  }

  /// A subject as a function of photographs, which keeps what it has prepared.
  ///
  /// - Parameter subject: What is explained.
  /// - Returns: What methods ask; it belongs to one task.
  /// - Throws: Where the subject is not of this network.
  public func explained(_ subject: SaliencyMap.Subject) throws -> Explained {
    Explained(
      try subject.objective(in: self), in: network, inputShape: network.inputShape(size: size),
      feed: feed, threads: threads, shapes: shapes)
  }

  /// Explains one thing in one photograph by one method.
  ///
  /// - Parameters:
  ///   - subject: What is explained.
  ///   - photograph: Where.
  ///   - method: How.
  ///   - explained: What `explained(_:)` returned for the subject: what it keeps from one photograph serves the
  ///     next; nil: a new one.
  ///   - progress: Called with the fraction done, 0…1.
  /// - Returns: The map and what is known of it; where there is nothing to see in it, it says so.
  /// - Throws: What the method throws; `NotFiniteError` and `ExplanationError` with the layer.
  public func map(
    of subject: SaliencyMap.Subject, in photograph: Photograph, by method: ConfiguredMethod,
    asking explained: Explained? = nil, progress: (Double) -> Void = { _ in }
  ) throws -> SaliencyMap {
    // A segmenter's pixels are this photograph's own.
    let subject = try explained == nil ? held(subject, in: photograph) : subject
    let explained = try explained ?? self.explained(subject)
    let value = try explained.finiteValue(at: photograph.input)
    let method = try method.settled(in: explained, at: photograph.input)
    let estimate = try estimate(explained, photograph.input, method, progress)
    guard estimate.mean.isFinite else {
      throw ExplanationError.notFinite(
        subject.title, reason: try explained.diagnosis(at: photograph.input))
    }
    let attribution = estimate.mean
    guard network.form != .signal || attribution.shape[2] == 1 else {
      throw AttributionError.rowsOfMap(method: method.title)
    }
    var map = SaliencyMap(
      subject: subject, method: method, attribution: attribution, standardError: estimate.error,
      value: value, form: photograph.form,
      probability: photograph.classes.first { $0.index == subject.logit }?.probability)
    if let complete = method.method as? any CompleteMethod {
      map.total = try complete.total(at: photograph.input, of: explained)[0]
      if map.shown.isByParts {
        map.sum = Float(try complete.sum(of: attribution, at: photograph.input, in: explained))
      }
    }
    if attribution.norm == 0 {
      let reason = try explained.diagnosis(at: photograph.input)
      map.nothing = reason == nil && estimate.dropsNegative ? .negative : .zeros(reason: reason)
    } else if map.shown.map.count == 1 {
      map.nothing = .onePosition(map.shown.map.scalars[0])
    } else if let value = map.shown.map.constant {
      map.nothing = .constant(
        value, isOfLayer: method.registered.options.contains(.layer))
    } else {
      map.plainer = try plainer(map, of: photograph.input, explained)
    }
    return map
  }

  /// The plainer method that has the same numbers; means over noisy copies are compared with none.
  private func plainer(
    _ map: SaliencyMap, of input: Tensor, _ explained: Explained
  ) throws -> RegisteredMethod? {
    guard map.method.smoothing == nil else { return nil }
    return try map.method.registered.plainerMethod(
      withMap: map.attribution, of: input, in: explained, map.method.settings)
  }

  /// The map, how uncertain it is where it is drawn at random, and whether all of it was negative and is dropped.
  private func estimate(
    _ explained: Explained, _ input: Tensor, _ method: ConfiguredMethod,
    _ progress: (Double) -> Void
  ) throws -> (mean: Tensor, error: Tensor?, dropsNegative: Bool) {
    try explained.sharingThreads {
      guard let random = method.method as? any RandomMethod else {
        let (map, drops) = try method.method.attributeTellingDrops(
          input, of: explained, progress: progress)
        return (map, nil, drops)
      }
      let estimate = try random.estimate(input, of: explained, progress: progress)
      return (estimate.mean, estimate.standardError, false)
    }
  }
}

extension Tensor {
  /// The number that all are, but for rounding; nil where they differ.
  fileprivate var constant: Float? {
    let numbers = scalars
    guard let low = numbers.min(), let high = numbers.max(),
      high - low <= 1e-5 * Swift.max(abs(low), abs(high))
    else { return nil }
    return numbers[0]
  }
}
