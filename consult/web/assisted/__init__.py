"""Answering for somebody at a desk or by telephone."""
