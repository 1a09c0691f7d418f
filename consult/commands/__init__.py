"""Commands: one function per intention, each durable when it returns."""
