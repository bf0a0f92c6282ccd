import Tensors

/// How alike two maps are as they are shown: Spearman's correlation of their pixels.
///
/// A map that is the same everywhere, such as one of zeros, is like no other: 0.
func similarity(_ a: Tensor, _ b: Tensor) -> Double { spearman(a.scalars, b.scalars) ?? 0 }
