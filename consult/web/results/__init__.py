"""Published results in words, charts and files, and how they were counted."""
