"""The patched Vulkan backend against stock, in one run."""
