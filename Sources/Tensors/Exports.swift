// Whoever works with tensors has preconditions that keep their words.
@_exported public import Contracts
