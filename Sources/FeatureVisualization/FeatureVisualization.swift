// One import for all that a program needs to visualize and explain a network.
@_exported public import Attribution
@_exported public import Autodiff
@_exported public import Explanations
@_exported public import Faithfulness
@_exported public import Graphs
@_exported public import Imaging
@_exported public import Memory
@_exported public import Networks
@_exported public import Objectives
@_exported public import Optimizers
@_exported public import Plans
@_exported public import Portraits
@_exported public import Tensors
@_exported public import Visualization
