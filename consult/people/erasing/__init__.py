"""Making personal data go: forgetting, the ledger of erasures, and scrubbing files."""
