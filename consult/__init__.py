"""Folkmoot: consult a community, and be able to prove the result."""
