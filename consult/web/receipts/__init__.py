"""Receipts, and checking them against the public log."""
