"""Pages about the site itself: home page, statements, health, indexing."""
