"""Storage of facts: the record, its two kinds of database, and connecting to them."""
