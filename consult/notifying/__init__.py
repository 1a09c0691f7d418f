"""Mail: news for people who asked for it, and delivery of the outbox to the mail server."""
