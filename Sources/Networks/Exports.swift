// A network's own API speaks of graphs, readings and plans: who imports it gets them too.
@_exported public import Graphs
@_exported public import Plans
