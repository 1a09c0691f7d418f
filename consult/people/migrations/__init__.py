"""The migrations of the vault: how each of its versions comes from the one before."""
