"""Pages about partnerships that everybody reads."""
