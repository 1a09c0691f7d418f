"""The ways people show who they are."""
