// One import for the lecture: tensors, the tape, modules, optimizers and training.
@_exported public import Autodiff
@_exported public import Modules
@_exported public import Optimizers
@_exported public import Tensors
@_exported public import Training
