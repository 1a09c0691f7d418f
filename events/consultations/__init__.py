"""A consultation: its history, its terms, its draw, and what it still needs before it opens."""
