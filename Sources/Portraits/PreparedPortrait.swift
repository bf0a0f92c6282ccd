public import Imaging
public import Networks
import Objectives
public import Tensors
public import Visualization

/// One picture to be made, with everything settled but the ascent itself.
///
/// ```swift
/// let prepared = try PreparedPortrait(of: .unit("cat"), settings: ["steps": "64"], in: network)
/// let portrait = try prepared.painted(threads: 4)
/// ```
public struct PreparedPortrait: Sendable {
  /// The network.
  public let network: Network
  /// What the picture is of.
  public let subject: Subject
  /// How it is made.
  public let recipe: Recipe
  /// The pictures' shape: N×C×H×W.
  public let shape: Shape
  /// What is to be done.
  public let ascent: Ascent
  /// Which part of the picture to start from is used; nil: there is none.
  public let startFraming: Framing?
  /// Whether the network's file is for one picture, so that several go through it one after the other.
  private let isOneByOne: Bool
  /// What there is to say of what was read for it, after the key of the setting that names it: `like: …`.
  public let notes: [String]

  /// Prepares what people ask for.
  ///
  /// - Parameters:
  ///   - request: The unit or the objective.
  ///   - settings: By the settings' keys, as people write them; for the rest, what suits the model.
  ///   - network: The network.
  ///   - announce: Told the pictures' size once it is known, and before the network is looked into.
  /// - Throws: For whatever is wrong, before any work: settings, sizes, units, files.
  public init(
    of request: Subject.Request, settings: [String: String], in network: Network,
    announce: (PictureSize) -> Void = { _ in }
  ) throws {
    // Size and number are the same for every subject, and decide which neurons there are.
    let said = settings
    let settings = try network.completed(settings)
    var asked = Recipe()
    try asked.take(settings)
    let seen = try network.seenShape(asked)
    announce(PictureSize(height: seen[2], width: seen[3]))
    let shapes = try network.shapes(inputShape: seen.ofOnePicture)
    let subject = try Subject(request, in: network, shapes: shapes)
    var recipe = try subject.usualRecipe(in: network)
    try recipe.take(settings)
    try recipe.checkUse(of: Array(settings.keys))
    try recipe.checkJitter(of: said, shape: network.pictureShape(recipe))
    try self.init(of: subject, by: recipe, in: network, shapes: shapes)
  }

  /// Prepares a subject that is known.
  ///
  /// - Parameters:
  ///   - subject: What the picture is of.
  ///   - recipe: How it is made.
  ///   - network: The network.
  ///   - shapes: What `shapes(inputShape:)` returned for one picture of the recipe's size; nil: found out.
  /// - Throws: `BatchError`, `ImagingError` for the picture to start from, `NoPicturesError` for a folder without
  ///   any, `BatchNormalizationError`, and what the network throws.
  public init(
    of subject: Subject, by recipe: Recipe, in network: Network, shapes: [String: Shape]? = nil
  ) throws {
    let (shape, seen) = (try network.pictureShape(recipe), try network.seenShape(recipe))
    let shapes = try shapes ?? network.shapes(inputShape: seen.ofOnePicture)
    try subject.checkBatch(recipe.batch)
    try Self.checkRoom(for: shape, by: recipe)
    if let band = recipe.bands?.first(where: { $0 >= shape[1] }) {
      throw PictureError.bands(count: shape[1], band: band)
    }
    let objective = try subject.objective(in: network, shapes: shapes)
    isOneByOne = try !network.keepsApart(seen, of: objective)
    (self.network, self.subject, self.recipe, self.shape) = (network, subject, recipe, shape)
    let start = try network.start(of: recipe, shape: shape)
    startFraming = start?.framing
    let spectrum = try network.spectrum(of: recipe, shape: shape)
    var ascent = recipe.ascent(
      of: objective, shape: shape, seenAs: seen, spectrum: spectrum?.magnitude,
      startingFrom: start?.pictures)
    if ascent.views > 1 {
      ascent.viewsTogether =
        isOneByOne ? 1 : try network.viewsTogether(ascent.views, of: seen, objective)
    }
    let spectrumNotes = (spectrum?.notes ?? []).map { "\(Settings.spectrum.key): \($0)" }
    notes =
      spectrumNotes
      + (try ascent.subtractStatistics(by: recipe, in: network, shapes: shapes)).map {
        "\(Settings.like.key): \($0)"
      }
    self.ascent = ascent
  }

  /// Where a class of a detector or segmenter is read in the first of some pictures; nil: the subject is none.
  ///
  /// - Parameters:
  ///   - pictures: N×C×H×W in 0…1.
  ///   - threads: How many threads share the work.
  /// - Returns: What stands behind “is read at”.
  /// - Throws: `NetworkError`.
  public func placesInWords(_ pictures: Tensor, threads: Int) throws -> String? {
    guard let (index, scores) = subject.score else { return nil }
    let one = pictures.gathered([0], alongAxis: 0)
    let plan = try network.plan(
      inputShape: one.shape, readings: scores.sources.map { Reading(.value($0)) },
      feed: .picture(network.preparation), differentiable: false, threads: threads)
    let values = try plan.forward(one)
    let ranks = ClassScores.ranks(
      scores.scores(of: index, in: values), scores.objectness(in: values))
    return scores.inWords(ClassScores.best(of: ranks))
  }

  /// Height and width of the pictures.
  public var size: PictureSize { PictureSize(height: shape[2], width: shape[3]) }

  /// Makes the pictures, of several seeds those that are best.
  ///
  /// - Parameters:
  ///   - threads: How many threads share the work; they do not change the result.
  ///   - score: How good pictures are, by which those of several seeds are compared; nil: the subject's mean value
  ///     over transformed pictures.
  ///   - progress: Called before every update; what it throws ends the ascent.
  /// - Returns: The pictures and what they do to the subject.
  /// - Throws: `VisualizationError`, `NotFiniteError` with the layer where the first picture has no value,
  ///   `NetworkError`, `CancellationError`, and what `progress` and `score` throw.
  public func painted(
    threads: Int = processorCount, scoredBy score: ((Tensor) throws -> Float)? = nil,
    progress: (Step) throws -> Void = { _ in }
  ) throws -> Portrait {
    let seen = PictureNetwork(
      network, preprocessing: network.preparation, isOneByOne: isOneByOne, threads: threads)
    var best: (rendering: Rendering, seed: UInt64, score: Float)?
    var ascent = ascent
    ascent.isScored = recipe.tries > 1 && score == nil
    for number in 0..<recipe.tries {
      ascent.seed = recipe.seed &+ UInt64(number)
      let rendering = try rendering(of: ascent, in: seen, progress: progress)
      let value =
        recipe.tries == 1
        ? 0 : try score?(rendering.picture) ?? rendering.robustValue ?? rendering.finalValue
      if value > best?.score ?? -.infinity { best = (rendering, ascent.seed, value) }
    }
    guard let (rendering, seed, _) = best else {
      throw VisualizationError.diverged(step: recipe.steps)
    }
    return try portrait(rendering, seed: seed, threads: threads)
  }

  private func rendering(
    of ascent: Ascent, in seen: PictureNetwork, progress: (Step) throws -> Void
  ) throws -> Rendering {
    do {
      return try ascent.run(in: seen, progress: progress)
    } catch VisualizationError.diverged(step: 0) {
      throw NotFiniteError(ascent.objective.name, try diagnosis(threads: seen.threads))
    }
  }

  private func portrait(_ rendering: Rendering, seed: UInt64, threads: Int) throws -> Portrait {
    let channels = shape[1]
    let isOpen = rendering.picture.shape[1] > channels
    let pictures =
      isOpen ? rendering.picture.gathered(Array(0..<channels), alongAxis: 1) : rendering.picture
    let opacity =
      isOpen ? rendering.picture.gathered([channels], alongAxis: 1) : rendering.opacity
    let seen = ascent.seen(pictures)
    let probabilities = try subject.logit.flatMap { _ in
      try network.probabilities(in: seen, threads: threads)
    }
    return Portrait(
      pictures: pictures, opacity: opacity, before: rendering.initialValue,
      after: rendering.finalValue,
      probability: subject.logit.flatMap { probabilities?[$0] },
      first: probabilities?.indices.max {
        ((probabilities?[$0]) ?? 0) < ((probabilities?[$1]) ?? 0)
      }
      .map { ($0, probabilities?[$0] ?? 0) }, steps: rendering.steps, seed: seed,
      origin: (ascent.parameterization, rendering.parameters))
  }
}

extension PreparedPortrait {
  /// What is wrong at the first picture.
  private func diagnosis(threads: Int) throws -> Diagnosis? {
    let pictures = ascent.firstPicture
    let first = pictures.gathered([0], alongAxis: 0)
    for reading in ascent.objective.readings {
      if let diagnosis = try network.diagnosis(
        of: reading, at: first, feed: .picture(network.preparation), threads: threads)
      {
        return diagnosis
      }
    }
    return nil
  }
}

extension Network {
  /// Whether pictures, and those that they are compared with, go through the network together without changing each
  /// other; where they do not, or the file is for one picture, each can go through it by itself.
  fileprivate func keepsApart(_ shape: Shape, of objective: Objective) throws -> Bool {
    let count = shape[0] + objective.references.count
    do {
      return try keepsPicturesApart(
        inputShape: Shape([count] + shape.dimensions.dropFirst()), readings: objective.readings,
        feed: .picture(preparation))
    } catch let error as NetworkError where count > 1 {
      guard case .batch = error else { throw error }
      return false
    }
  }

  /// How many views go through the network as one batch.
  ///
  /// As many as make one picture of 224×224, whose maps take some 50 MB in a network of middling size; more are no
  /// faster. One, where the network does not keep them apart.
  fileprivate func viewsTogether(
    _ all: Int, of shape: Shape, _ objective: Objective
  ) throws -> Int {
    let pictures = shape[0] + objective.references.count
    let most = max(1, Self.pixelsTogether / (pictures * shape[2] * shape[3]))
    let count = (1...all).last { all.isMultiple(of: $0) && $0 <= most } ?? 1
    let batch = Shape([count * pictures] + shape.dimensions.dropFirst())
    do {
      return try keepsPicturesApart(
        inputShape: batch, readings: objective.readings, feed: .picture(preparation)) ? count : 1
    } catch is NetworkError {
      // A file for one picture: its views go one after the other, to the same end.
      return 1
    }
  }

  /// The most pixels of views that go through the network as one batch.
  private static let pixelsTogether = 224 * 224

  /// The pictures that a recipe starts from, and which part of the file they are; nil: random ones.
  ///
  /// - Throws: `ImagingError` for a file that is no picture.
  func start(
    of recipe: Recipe, shape: Shape
  ) throws -> (pictures: Tensor, framing: Framing)? {
    try recipe.start.map { path in
      let size = PictureSize(height: shape[2], width: shape[3])
      let picture = try Picture(contentsOf: path)
      guard let fit = Framing.Fit(rawValue: recipe.fit ?? "crop") else {
        preconditionFailure("Settings.fit: \(recipe.fit ?? "") is no way to frame a picture")
      }
      let framing = Framing(picture, width: size.width, height: size.height, fit: fit)
      let input = try input(framing.framed(picture), size: size)
      return (.concatenate([Tensor](repeating: input, count: shape[0])), framing)
    }
  }
}

extension Subject {
  /// Refuses a comparison of one picture with none.
  ///
  /// - Parameter count: How many pictures are made together.
  /// - Throws: `BatchError`.
  public func checkBatch(_ count: Int) throws(BatchError) {
    guard count == 1, case .expression(let expression, _) = kind,
      let function = expression.comparison
    else { return }
    throw BatchError(function: function)
  }
}

/// A function that compares pictures, of an ascent that makes one.
public struct BatchError: Error, Hashable, CustomStringConvertible {
  /// The function.
  public let function: String

  /// What is wrong and what to do.
  public var description: String {
    "`\(function)` compares several pictures, and one is asked for; set `\(Settings.batch.key)` to 2 or more"
  }
}
