"""TorchScript files as straight-line graphs: read, run node by node, change, write."""
