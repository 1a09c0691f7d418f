"""What people can make happen: one function per intention, each durable when it returns."""
