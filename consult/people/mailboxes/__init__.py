"""E-mail addresses of people, and mails to be sent to them."""
