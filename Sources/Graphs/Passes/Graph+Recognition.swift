extension Graph {
  /// The same graph with what exporters write out in small operators put together again.
  package func recognized() -> Graph {
    var graph = collectingConstants().foldingCopies().unfusing().foldingConditions().dequantizing()
      .recognizingLRN()
      .recognizingActivations()
      .recognizingRectifiers().recognizingClamps()
    graph.noteParts(of: self)
    return graph
  }
}
