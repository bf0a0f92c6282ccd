import Graphs
package import Tensors

extension Network {
  /// The axis of the file's input that a volume's slices lie along; nil where it takes something else.
  var sliceAxis: Int? {
    guard case .volume(let volume) = form else { return nil }
    let place = volume.isSliceBySlice ? 1 : 2
    return inputAxes.order.map { $0.inverse[place] } ?? place
  }

  /// Whether the file says nothing of how many slices a volume has.
  ///
  /// Pictures of such a network have 16, or what somebody says; arrays have their own.
  public var leavesSlicesOpen: Bool {
    sliceAxis.map { inputAxes.extents[$0] == nil } ?? false
  }

  /// The same network for volumes of another number of slices.
  ///
  /// - Parameter slices: How many.
  /// - Returns: The network.
  /// - Throws: `NetworkError.inputValue` where the file takes no volume or another number of slices.
  public func taking(slices: Int) throws -> Network {
    guard case .volume(let volume) = form else {
      throw NetworkError.inputValue(input.name, reason: "has no slices: it is no volume")
    }
    guard slices != volume.depth else { return self }
    guard leavesSlicesOpen else {
      throw NetworkError.inputValue(
        input.name, reason: "has \(volume.depth) slices by its file, not \(slices)")
    }
    let most = InputForm.Volume.mostSlices - 1
    guard (1...most).contains(slices) else {
      throw NetworkError.inputValue(input.name, reason: "has 1 to \(most) slices, not \(slices)")
    }
    let other = InputForm.Volume(
      channels: volume.channels, depth: slices, isSliceBySlice: volume.isSliceBySlice)
    var network = replacing(graph.taking(other))
    network.form = .volume(other)
    return network
  }

  /// The network for an array: where its file leaves the number of slices open, for as many as the array has.
  ///
  /// - Parameter shape: The array's, as the file has it; first axes of extent 1 may lack.
  /// - Returns: The network.
  /// - Throws: As `taking(slices:)`.
  package func taking(slicesOf shape: Shape) throws -> Network {
    let axes = inputAxes.extents.count
    guard leavesSlicesOpen, let axis = sliceAxis, axis - axes + shape.rank >= 0 else { return self }
    return try taking(slices: shape[axis - axes + shape.rank])
  }
}
