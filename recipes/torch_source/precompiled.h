// What most of torch_cpu's files read first, compiled once: a file takes 4 s with it and 7 s without.
#include <ATen/ATen.h>
#include <torch/csrc/jit/api/module.h>
#include <torch/csrc/jit/ir/ir.h>
#include <torch/csrc/jit/runtime/custom_operator.h>
#include <torch/library.h>
