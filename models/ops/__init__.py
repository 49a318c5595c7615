"""The truth table of the Vulkan backend: single operators and small networks, compared with FP64 on the CPU."""
