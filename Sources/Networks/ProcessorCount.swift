import Foundation

/// The processor's cores that this process may use.
public let processorCount = ProcessInfo.processInfo.activeProcessorCount
