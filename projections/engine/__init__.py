"""What read models are made with: tables, positions, batches, rebuilding."""
