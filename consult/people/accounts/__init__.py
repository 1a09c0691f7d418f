"""Staff accounts: people who run consultations."""
