"""Kinds of question on pages: asked, shown again, drafted, and their results; a module each."""
