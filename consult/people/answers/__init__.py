"""What people wrote and attached, and what they have not sent yet."""
