"""Texts for people: language, figures, names and sentences. Independent of the web framework."""
