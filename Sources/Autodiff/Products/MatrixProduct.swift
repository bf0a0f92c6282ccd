import Tensors

/// The matrix product `C = A B`, batch by batch.
///
/// VJP: `G ↦ (G Bᵀ, Aᵀ G)`, each summed over the leading axes that were stretched.
///
/// - Parameters:
///   - a: Shape (…, rows, inner).
///   - b: Shape (…, inner, columns); the leading axes broadcast.
/// - Returns: Shape (…, rows, columns).
public func matmul(_ a: Variable, _ b: Variable) -> Variable {
  Variable(Tensor.matmul(a.value, b.value), operation: "matmul", inputs: [a, b]) { g in
    [
      a.isTraced ? matmul(g, b.transposedMatrices()).summed(to: a.shape) : nil,
      b.isTraced ? matmul(turned: a, g).summed(to: b.shape) : nil,
    ]
  }
}

/// The product with a factor turned over, `C = Aᵀ B`, batch by batch; A is read where it lies.
///
/// VJP: `G ↦ (B Gᵀ, A G)`, each summed over the leading axes that were stretched.
///
/// - Parameters:
///   - a: Shape (…, inner, rows).
///   - b: Shape (…, inner, columns); the leading axes broadcast.
/// - Returns: Shape (…, rows, columns).
package func matmul(turned a: Variable, _ b: Variable) -> Variable {
  Variable(Tensor.matmul(turned: a.value, b.value), operation: "matmul", inputs: [a, b]) { g in
    [
      a.isTraced ? matmul(b, g.transposedMatrices()).summed(to: a.shape) : nil,
      b.isTraced ? matmul(a, g).summed(to: b.shape) : nil,
    ]
  }
}
