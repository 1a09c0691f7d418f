"""Forms with answers: read, drawn and put into words."""
