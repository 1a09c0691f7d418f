"""The public entries of the log: which facts become public, and in which form."""
