"""Counting, publishing, and telling what came of it."""
