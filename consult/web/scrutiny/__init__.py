"""The room of scrutiny members and auditors."""
