import Autodiff
import Tensors
import Testing

@Suite struct TracedGraphTests {
  private let graph = TracedGraph(
    at: [Tensor(-2), Tensor(5), Tensor(-4)], named: ["x", "y", "z"]
  ) { ($0[0] + $0[1]) * $0[2] }

  @Test("A node knows its value, its function, its parents and its gradient")
  func nodes() {
    #expect(graph.nodes.map(\.name) == ["x", "y", "z", "v3", "v4"])
    #expect(graph.nodes.map(\.function) == ["", "", "", "add", "multiply"])
    #expect(graph.nodes.map(\.parents) == [[], [], [], [0, 1], [3, 2]])
    #expect(graph.nodes.map(\.value.scalar) == [-2, 5, -4, 3, -12])
    #expect(graph.nodes.map(\.gradient?.scalar) == [-4, -4, 3, -4, 1])
  }

  @Test("As text")
  func text() {
    #expect(
      graph.description == """
        node   function          value   gradient
        x      argument          -2      -4
        y      argument          5       -4
        z      argument          -4      3
        v3     add(x, y)         3       -4
        v4     multiply(v3, z)   -12     1
        """)
  }

  @Test("As Graphviz")
  func graphviz() {
    #expect(graph.dot.hasPrefix("digraph {"))
    #expect(graph.dot.contains("  n0 -> n3;\n  n1 -> n3;\n  n3 -> n4;\n  n2 -> n4;\n}"))
    #expect(graph.dot.contains("<b>multiply</b>"))
  }

  @Test("From within a function, with constants and values used twice")
  func within() {
    var nodes: [TracedGraph.Node] = []
    _ = gradient(at: Tensor([2], [1, 2])) { x in
      let y = (x * x * Variable(Tensor([2], [3, 4]))).sum()
      nodes = y.graph.nodes
      return y
    }
    #expect(nodes.map(\.function) == ["", "multiply", "", "multiply", "sum", "reshape"])
    #expect(nodes[1].parents == [0, 0] && !nodes[2].isTraced && nodes[2].gradient == nil)
    #expect(nodes[0].gradient?.scalars == [6, 16])
  }

  @Test("Long chains do not recurse")
  func longChain() {
    let graph = TracedGraph(at: [Tensor([2])]) { x in
      var y = x[0]
      for _ in 0..<20_000 { y = y + 1 }
      return y
    }
    #expect(graph.nodes.count == 20_001)
  }
}
