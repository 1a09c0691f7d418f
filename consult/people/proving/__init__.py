"""The ways people prove who they are."""
