"""Jobs: work that takes long, queued durably and done by a process of its own."""
