"""Organisers' work: draft, fix the terms, open, close, count, publish, follow up."""
