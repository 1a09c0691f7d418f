"""Answering on behalf of somebody at a desk or by telephone."""
