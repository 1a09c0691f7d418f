"""Receipts, the public log, and checking both."""
