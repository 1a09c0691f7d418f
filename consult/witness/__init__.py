"""A witness that any partner can run: it remembers what a log showed and cosigns only growth."""
