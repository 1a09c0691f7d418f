"""Drawing a consultation up, and opening, pausing and closing it."""
