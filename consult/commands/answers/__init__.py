"""Submitting answers, assisting residents who answer, and reading what residents wrote."""
