"""Erasure, retention, holds, copies of personal data, and who took what."""
