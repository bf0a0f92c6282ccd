import Networks
import Portraits
import Tensors
import Visualization

extension Network {
  /// Says on standard error why a unit yields nothing, if that can be found out.
  ///
  /// - Parameters:
  ///   - readings: What the unit reads.
  ///   - picture: 1×C×H×W in 0…1.
  ///   - threads: How many threads share the work.
  func explain(_ readings: [Reading], at picture: Tensor, threads: Int) {
    for reading in readings {
      let diagnosis = try? diagnosis(
        of: reading, at: picture, feed: .picture(preparation), threads: threads)
      if let diagnosis { Terminal.note("Diagnosis: \(diagnosis)\(Advice.on(diagnosis)).") }
    }
  }

  /// Says on standard error what the program believes about the network's pictures.
  func announce(size: PictureSize) {
    var advice = ""
    if preprocessing == nil {
      advice += " " + (form == .signal ? Advice.onSignals : Advice.onPreparation)
    }
    if guess != nil { advice += Advice.on(remedy) }
    Terminal.note(preflight(size: size) + advice)
  }

  /// Says on standard error how pictures are prepared for a network that judges them, where nothing says it.
  ///
  /// - Parameter advice: What says better.
  func announceAsJudge(advice: String) {
    guard preprocessing == nil || colorGuess != nil else { return }
    Terminal.note("\(preflight(size: pictureSize(nil))) \(advice)")
  }
}
