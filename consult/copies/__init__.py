"""Copies of the databases: how each kind is copied out while in use, and put back."""
