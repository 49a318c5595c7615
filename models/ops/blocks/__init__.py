"""Blocks of everyday networks, written from their papers; the weights do not matter."""
