"""The engine of read models: tables, positions, batches, rebuilding."""
