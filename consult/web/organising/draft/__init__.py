"""Drafting a consultation, page by page."""
