"""Addresses of people, and the mails on their way to them."""
