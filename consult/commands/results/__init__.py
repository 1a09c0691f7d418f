"""Counting and publishing results, and following them up."""
