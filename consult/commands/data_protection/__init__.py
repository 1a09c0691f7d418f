"""Erasure, retention, legal holds, copies of personal data, and the record of who took what."""
