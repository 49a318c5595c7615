"""Rewrites: graphs that compute the same by operators that a runtime has and computes rightly."""
