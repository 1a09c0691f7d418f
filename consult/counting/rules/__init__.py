"""Counting rules for single choices, approvals, grades and rankings."""
