"""Pages of scrutiny members and auditors."""
