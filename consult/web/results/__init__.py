"""What came out, in words, bars and files, and how it was counted."""
