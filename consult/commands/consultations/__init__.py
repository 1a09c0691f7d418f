"""Drafting a consultation, and opening, pausing and closing it."""
