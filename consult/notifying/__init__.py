"""Mail: brings what is in the outbox to the mail server of the settings."""
