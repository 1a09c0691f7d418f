"""The public log's own database."""
