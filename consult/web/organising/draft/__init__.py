"""Drawing a consultation up, page by page."""
