"""Erasure of personal data: deletion, the ledger of erasures, and scrubbing of files."""
