import Blocks
import Files
import Galleries
import Memory
import Networks
import Portraits
import Training
import Visualization

/// An error of a library, with the option that helps.
struct AdvisedError: Error, CustomStringConvertible {
  let error: any Error
  let advice: String

  var description: String { "\(error) (\(advice))" }
}

/// Which options help against the errors of libraries, which know of no command line.
enum Advice {
  private static let layers = "`visualize inspect MODEL` lists the layers"
  private static let size = "--size says the picture's size"

  /// The error with the option that helps, or as it is.
  static func added(to error: any Error) -> any Error {
    guard let advice = advice(on: error) else { return error }
    return AdvisedError(error: error, advice: advice)
  }

  private static func advice(on error: any Error) -> String? {
    switch error {
    case let error as NotFiniteError:
      if case .notFinite(_, weights: false)? = error.diagnosis { "--preset, --range" } else { nil }
    case NetworkError.noRoomForInput:
      "\(size), --memory how much may be taken"
    case NetworkError.inputShape: size
    case let error as MemoryError:
      "--memory \(MemoryError.amount(error.needed).filter { $0 != " " }) and more allow it; \(size)"
    case NetworkError.noRoom:
      "--memory says how much"
    case NetworkError.invalidNode(_, let reason) where reason.contains("larger picture"): size
    case NetworkError.secondInput(let name, _, _):
      "--feed \(name.quotedForShell)=FILE.npy or =0 says it; --input \(name.quotedForShell) makes it the picture"
    case NetworkError.inputValue(_, let reason) where reason.contains("is the picture"): "--input"
    case NetworkError.unknownLayer(_, candidates: []), NetworkError.noClassToken: layers
    case UnitError.unknown(_, labels: [], layers: []):
      "`visualize inspect MODEL` lists its layers and labels"
    case UnitError.noLogits: layers
    case UnitError.embedding: "--unit 0; --toward PICTURE; --ends-in classes where they are"
    case UnitError.values: "--unit 0; --ends-in classes where they are"
    case is BatchError: "--batch 4, for example"
    case is OccupiedError: "--force replaces it"
    case is OutputOutsideError: "--output FOLDER"
    case TrainingError.checkpoint: "--restart begins anew; another --output leaves it alone"
    case TrainingError.diverged(_, let rate): "--learning-rate \(rate)"
    default: nil
    }
  }

  /// What else to say of a diagnosis.
  static func on(_ diagnosis: Diagnosis) -> String {
    switch diagnosis {
    case .notFinite(_, weights: false): " (--preset, --range)"
    case .saturated: " (--unit 281, for example)"
    default: ""
    }
  }

  /// What to say where the range of signals is not known.
  static let onSignals = "--range says what its lowest and highest numbers are."

  /// What to say where nothing tells what the numbers are that a network ends in: a sentence behind a space, or nothing.
  static func on(_ remedy: Network.Remedy) -> String {
    switch remedy {
    case .labels:
      " --labels FILE says it; of a list of numbers, --ends-in classes, embedding or values."
    case .kind: " --ends-in classes, embedding or values says what they are."
    case .none: ""
    }
  }

  /// What to say where the preparation of pictures is not known.
  static let onPreparation =
    "--preset imagenet, caffe or tf, or --color, --range, --mean and --std say better."
}
