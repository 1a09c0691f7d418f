"""A witness that any partner can run: it stores a log's last head and cosigns only its growth."""
