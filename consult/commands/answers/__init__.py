"""What people hand in, who helps them, and who reads it."""
