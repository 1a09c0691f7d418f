"""Personal data: what its owner may ask, and what the officer does."""
