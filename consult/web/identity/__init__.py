"""Ways to prove one's identity: a module for each, with a page `ask`."""
