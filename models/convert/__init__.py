"""Turn a network written in Python into the files that vkforge runs.

Everything written here is meant to be the same bit for bit on every x86-64 CPU. Two of torch's choices
stand in the way, and both are read from the environment when torch loads, so they are made here, before any
module of this package imports it:

- ATen picks kernels by instruction set. Those for AVX2 and AVX-512 fuse multiply and add and sum in another
  order than the baseline ones.
- With more than one thread, sums are split by the number of threads.
"""

import os

os.environ.setdefault("ATEN_CPU_CAPABILITY", "default")
os.environ.setdefault("OMP_NUM_THREADS", "1")
