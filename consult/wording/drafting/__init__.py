"""Texts for the people who draft a consultation."""
