"""Read models: one module per page family, each a pure fold of the record."""
