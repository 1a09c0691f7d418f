"""The ways to show who one is, each a module with a page `ask`."""
