"""Acts that need two people: one mechanism for all of them."""
