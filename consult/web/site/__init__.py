"""Pages about the site itself: first page, statements, health, lists for robots."""
