"""What of the record becomes public, and in which form."""
