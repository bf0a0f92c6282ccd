extension Graph {
  /// The same graph with what exporters write out in small operators put together again.
  package func recognized() -> Graph {
    collectingConstants().foldingCopies().unfusing().foldingConditions().dequantizing()
      .recognizingLRN()
      .recognizingActivations()
      .recognizingRectifiers().recognizingClamps()
  }
}
