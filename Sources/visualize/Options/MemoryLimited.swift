import ArgumentParser
import Memory

/// A command whose memory has a limit that one can say.
protocol MemoryLimited {
  /// Bytes; nil: what is left.
  var memoryLimit: Int? { get }
}

extension PictureCommand: MemoryLimited { var memoryLimit: Int? { model.machine.memory } }
extension JudgeCommand: MemoryLimited { var memoryLimit: Int? { machine.memory } }
extension InvertCommand: MemoryLimited { var memoryLimit: Int? { ascent.model.machine.memory } }
extension CaricatureCommand: MemoryLimited { var memoryLimit: Int? { ascent.model.machine.memory } }
extension AccentuateCommand: MemoryLimited { var memoryLimit: Int? { ascent.model.machine.memory } }
extension DreamCommand: MemoryLimited { var memoryLimit: Int? { model.machine.memory } }
extension GridCommand: MemoryLimited { var memoryLimit: Int? { model.machine.memory } }
extension SaliencyCommand: MemoryLimited { var memoryLimit: Int? { model.machine.memory } }
extension GalleryCommand: MemoryLimited { var memoryLimit: Int? { model.machine.memory } }
extension EvaluateCommand: MemoryLimited { var memoryLimit: Int? { model.machine.memory } }
extension ServeCommand: MemoryLimited { var memoryLimit: Int? { options.model.machine.memory } }
extension MicroscopeCommand: MemoryLimited {
  var memoryLimit: Int? { options.model.machine.memory }
}
extension InspectCommand: MemoryLimited { var memoryLimit: Int? { model.machine.memory } }
extension DoctorCommand: MemoryLimited { var memoryLimit: Int? { model.machine.memory } }
extension BenchCommand: MemoryLimited { var memoryLimit: Int? { model.machine.memory } }
extension TrainCommand: MemoryLimited { var memoryLimit: Int? { options.machine.memory } }
extension VerifyCommand: MemoryLimited { var memoryLimit: Int? { model.machine.memory } }

/// The option that says it.
enum MemoryOption {
  /// What stands beside it in a list.
  static let help = ArgumentHelp(
    "The most memory to take, such as 2GB. (default: what the machine has left)",
    valueName: "amount")

  /// Reads an amount.
  ///
  /// - Throws: `ValidationError`.
  @Sendable static func bytes(_ text: String) throws -> Int {
    guard let bytes = MemoryLimit.amount(text) else {
      throw ValidationError("--memory must be an amount such as 2GB or 800MB, not “\(text)”.")
    }
    return bytes
  }
}
