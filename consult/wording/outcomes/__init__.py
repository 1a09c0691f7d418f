"""An outcome in words, bars and sentences."""
