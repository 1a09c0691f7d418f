"""Signing in, and what somebody who is signed in may see."""
