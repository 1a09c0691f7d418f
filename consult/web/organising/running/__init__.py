"""Pages about consultations that have opened."""
