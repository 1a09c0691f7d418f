"""What organisers do: draft, fix the terms, open, close, count, publish, tell."""
