"""Counting rules that spend a budget."""
