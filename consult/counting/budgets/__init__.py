"""Rules that give out money."""
