import Tensors

/// Variables one after the other along an axis.
///
/// VJP: `g ↦` the parts of `g`.
public func concatenate(_ parts: [Variable], alongAxis axis: Int = 0) -> Variable {
  Variable(
    Tensor.concatenate(parts.map(\.value), alongAxis: axis), operation: "concatenate",
    inputs: parts
  ) { g in
    var start = 0
    return parts.map { part in
      defer { start += part.shape[axis] }
      return part.isTraced ? g.sliced(start..<start + part.shape[axis], alongAxis: axis) : nil
    }
  }
}
