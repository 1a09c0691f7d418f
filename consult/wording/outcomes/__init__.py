"""Outcomes of counts in words, charts and sentences."""
