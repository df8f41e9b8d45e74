"""Samples: drawn so that anyone can repeat it, weighed, and read back with their uncertainty."""
