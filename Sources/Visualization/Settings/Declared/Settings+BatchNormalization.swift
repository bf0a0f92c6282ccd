extension Settings {
  /// Weight of the distance from the training pictures' means and variances; where the network is known, it becomes
  /// a penalty.
  public static let batchNormalization = Setting<Float>(
    "batch-norm", .number(from: 0), usual: 0,
    help:
      "Weight of the distance from the means and variances that the file's batch normalizations hold, "
      + "beside the objective's pull: 0.1 to 2.",
    valueName: "weight", title: "Batch norm")
}

extension Recipe {
  /// Weight of the distance from the training pictures' means and variances.
  public var batchNormalization: Float {
    get { self[Settings.batchNormalization] }
    set { self[Settings.batchNormalization] = newValue }
  }
}
